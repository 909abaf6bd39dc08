// What elements are, in a few words of our own: a table by the element's name, and by its type where the same name means another thing
// there (descriptions.txt).

import table from "./descriptions.txt?raw";
import { read } from "./descriptions-table.js";

export const describe = read(table);
