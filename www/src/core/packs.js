// The packs that can be checked by, in words.

export { packs } from "../../../pkg/worker.js";

export const packTitles = {
  stu3: "FHIR STU3",
  careconnect: "CareConnect",
  gpconnect: "GP Connect",
  itk: "ITK3 and Transfer of Care",
  nrl: "National Record Locator",
  events: "Events",
  childhealth: "Child health",
  news2: "NEWS2",
  ers: "e-Referral Service",
  other: "Other NHS",
};

const addresses = import.meta.glob("../../../pkg/dist/packs/*.pack", { query: "?url", import: "default", eager: true });

/** Where each pack is, by its name: the files that the core itself asks for. */
export const packAddresses = Object.fromEntries(Object.entries(addresses).map(([path, address]) => [path.slice(path.lastIndexOf("/") + 1, -".pack".length), address]));
