// Needs no library but the language's: lib es2022 alone. Resources come as whatever type a program has for them.

import { load, type CareconnectError, type Report, type Verdict } from "careconnect";
import { pool } from "careconnect/node";
import { load as loadWorker } from "careconnect/worker";

/** As @types/fhir and its like have them: interfaces without an index signature. */
interface Base {
  readonly resourceType: string;
  id?: string | undefined;
}
interface Patient extends Base {
  readonly resourceType: "Patient";
  name?: { family?: string; given?: string[] }[];
}
type AnyResource = Patient | (Base & { readonly resourceType: "Observation"; status: "final" });
class Appointment implements Base {
  readonly resourceType = "Appointment";
  constructor(readonly status: string) {}
}

const patient: Patient = { resourceType: "Patient", name: [{ family: "Okonkwo" }] };
const either: AnyResource = patient;
const careconnect = await load({ definitions: [patient] });
const report: Report = careconnect.validate(patient);
careconnect.validate(either);
careconnect.validate(new Appointment("booked"));
careconnect.validate({ resourceType: "Patient", active: true });
careconnect.validate(JSON.parse("{}") as object as Base);
const verdict: Verdict = report.verdict;
const why: string = report.reason;
const values: string[] = careconnect.fhirpath(patient, "today()", { today: "2026-02-28" }).results.map(({ value }) => value ?? "");
const code = (error: unknown): CareconnectError["code"] => (error as CareconnectError).code;
await (await pool({ size: 1 })).render(patient, { as: "text" });
await (await loadWorker()).outcome(new Appointment("booked"));

// @ts-expect-error A Promise is not a resource: it was not awaited.
careconnect.validate(Promise.resolve(patient));
// @ts-expect-error Nor is a list of them.
careconnect.validate([patient]);

export { verdict, why, values, code };
