/** A page of charts and nothing else. */

import { startCharts } from "./charts.js";

startCharts(document);
