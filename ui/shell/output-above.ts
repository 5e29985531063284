import { BrowserSwitch } from "./browser-switch.ts";

/** Whether what a cell gave stands above its code, as some notebooks have it. */
export const outputAbove: BrowserSwitch = new BrowserSwitch("karyon.output-above");
