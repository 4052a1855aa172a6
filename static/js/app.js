// Small improvements over pages that work without them. One module per habit.
import { startAutosubmit } from "./autosubmit.js";
import { startDialogs } from "./dialogs.js";
import { startLineEditor } from "./lines.js";
import { startPriceBreaks } from "./breaks.js";
import { startOnce } from "./once.js";
import { startScanForm } from "./scan-form.js";
import { startSearchKey } from "./search.js";
import { startSections } from "./sections.js";
import { startStepper } from "./stepper.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toasts.js";
import { startWaiting } from "./waiting.js";

document.documentElement.classList.add("js");
startTheme();
startOnce();
startSearchKey();
startSections();
startDialogs();
startToasts();
startStepper();
startAutosubmit();
startLineEditor();
startPriceBreaks();
startScanForm();
startWaiting();
document.querySelector("[data-focus]")?.focus();
