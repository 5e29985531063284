/** The part of the Navigation API that is used here; browsers without it go without this. */
interface NavigateEvent extends Event {
  readonly hashChange: boolean;
  readonly userInitiated: boolean;
  readonly destination: { readonly url: string };
}

/**
 * Lets nothing but a person's own click lead away from this file. The policy of the file stops every request but one:
 * that of going elsewhere, by which a script could carry off what it has read.
 */
export function stayHere(): void {
  const { navigation } = globalThis as { readonly navigation?: EventTarget };
  navigation?.addEventListener("navigate", (event) => {
    const { hashChange, userInitiated, destination } = event as NavigateEvent;
    // Rows that are saved come from this file's own memory.
    const isOwn = hashChange || destination.url.startsWith("blob:");
    if (!isOwn && !userInitiated) event.preventDefault();
  });
}
