// The one entry: everything below enriches pages that already work without it.
import "./swaps.js";
import "./toasts.js";
import "./boxes.js";
import "./forms.js";
import "./dates.js";
import "./pickers.js";
import "./lists.js";
import "./keys.js";
import "./command.js";
import "./papers.js";
import "./live.js";
