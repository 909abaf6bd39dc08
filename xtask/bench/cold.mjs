// The time from the start of the process to the first verdict.
import { readFile } from "node:fs/promises";
import { load } from "../../pkg/index.js";

const file = new URL("../../tests/resources/CareConnect-Patient-1.json", import.meta.url);
const [careconnect, patient] = await Promise.all([load(), readFile(file)]);
const report = careconnect.validate(patient);
const time = performance.now();
if (!report.profiles.length) throw new Error("the Patient was not checked against any profile");
console.log(time);
