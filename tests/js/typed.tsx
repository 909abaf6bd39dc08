// The element in JSX, with whatever makes elements of it.

import "careconnect/element";

const patient = { resourceType: "Patient" as const };

export const element = <careconnect-resource resource={patient} mode="summary" audience="patient" as-of="2026-02-28" class="record" data-own="x" />;

// @ts-expect-error There is no such mode.
export const wrong = <careconnect-resource mode="short" />;
