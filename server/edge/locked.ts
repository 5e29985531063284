/**
 * What `/` shows to a browser without a valid cookie: no data, no script, nothing of the workspace. The link
 * is for those who came from another site: browsers hold a strict cookie back until the page itself asks.
 */
export const LOCKED_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Karyon: locked</title>
<style>
  :root { color-scheme: light dark; font: 1.125rem/1.6 system-ui, sans-serif; }
  main { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem; }
  h1 { font-size: 1.6rem; line-height: 1.25; }
  code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
</style>
<main>
  <h1>This workspace is locked</h1>
  <p>It holds somebody's genome, so it opens only with the key that Karyon makes each time it starts.</p>
  <p>Look at the terminal where you started Karyon and open the address it printed. It looks like
    <code>http://127.0.0.1:4747/?token=…</code></p>
  <p>Has Karyon been started again since? Then the old address no longer works: use the new one. A tab that was
    left open comes back by itself.
    Did you just open it from another program or site? <a href="/">Try once more</a>.</p>
</main>
</html>
`;
