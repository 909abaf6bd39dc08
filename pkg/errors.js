// Errors that programs can tell by a permanent `code`; careconnect.d.ts lists the codes.

/** An Error with a code. */
export function failure(code, message, cause) {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code });
}

/** Something that was handed over and cannot be taken. */
export const refused = (message, cause) => failure("invalid-argument", message, cause);

/**
 * Does something whose options some of them were taken from before: where the rest has one that there is not, those are listed as
 * well, so that the list is complete.
 */
export async function listing(more, act) {
  try {
    return await act();
  } catch (error) {
    if (error?.code === "invalid-argument" && error.message.startsWith("There is no option ")) {
      error.message = error.message.replace(/\.$/, `, ${more.join(", ")}.`);
    }
    throw error;
  }
}
