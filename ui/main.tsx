import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "@fontsource-variable/source-serif-4";
import "./main.css";

import { createRoot } from "react-dom/client";

import { App } from "./app.tsx";
import { TabKey } from "./connection/tab-key.ts";
import { socketUrl } from "./connection/urls.ts";
import { placeFrom } from "./shell/place.ts";
import { applyTheme, savedTheme } from "./shell/theme.ts";
import { draftStorage } from "./editor/draft-storage.ts";
import { fetchAhead } from "./editor/fetch-ahead.ts";
import { StoreContext } from "./shell/use-store.tsx";
import { PageStore } from "./state/page-store.ts";

applyTheme(savedTheme());

const tabKey = new TabKey();
const store = new PageStore(
  {
    connect: () => new WebSocket(socketUrl(location)),
    knock: () => tabKey.knock(),
    now: () => Date.now(),
    random: () => Math.random(),
    later: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  },
  placeFrom(location.search),
  draftStorage(),
);
store.connect();
void tabKey.introduce();
// A laptop that wakes, a network that is back: no need to wait for the next try.
addEventListener("online", () => store.connect());
// Nor for the timers of a tab that was out of sight, which run once a minute.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") store.connect();
});
fetchAhead();
addEventListener("popstate", () => store.follow(placeFrom(location.search)));
addEventListener("pagehide", () => void store.drafts.flushAll());

const root = document.getElementById("page");
if (root !== null) {
  createRoot(root).render(
    <StoreContext value={store}>
      <App />
    </StoreContext>,
  );
}
