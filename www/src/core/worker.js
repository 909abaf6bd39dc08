// The page's worker: the package's, which says besides how much of the packs has come.

import "./counted.js";
import "../../../pkg/worker-thread.js";
