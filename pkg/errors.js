// Errors that programs can tell by a permanent `code`; careconnect.d.ts lists the codes.

/** An Error with a code. */
export function failure(code, message, cause) {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code });
}

/** Something that was handed over and cannot be taken. */
export const refused = (message, cause) => failure("invalid-argument", message, cause);
