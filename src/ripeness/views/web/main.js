/** A page of the app, or the report: whatever it has is brought to life. */

import { startCharts } from "./charts.js";
import { startChoices } from "./choices.js";
import { startClaim } from "./claim.js";
import { startClaims } from "./claims.js";
import { startExplorer } from "./explorer.js";
import { startMap } from "./map.js";
import { startPrint } from "./print.js";

startPrint(document);
startClaims(document);
startClaim(document);
startCharts(document);
startMap(document);
startExplorer(document);
startChoices(document);
