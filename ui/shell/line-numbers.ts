import { BrowserSwitch } from "./browser-switch.ts";

/** Whether code is shown with the numbers of its lines. */
export const lineNumbers: BrowserSwitch = new BrowserSwitch("karyon.line-numbers");
