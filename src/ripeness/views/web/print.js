/**
 * On paper everything is open that was folded away on the screen.
 *
 * @param {Document} root
 */
export function startPrint(root) {
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll("details.evidence:not([open])")].map(
      (details) => /** @type {HTMLDetailsElement} */ (details),
    );
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}
