/**
 * The bar's controls: choose a player, copy their token or id.
 *
 * @param {import('./session.js').Session} session
 */
export function connectPlayerControl(session) {
  for (const input of document.querySelectorAll('input[name=player]')) {
    if (!(input instanceof HTMLInputElement)) continue;
    input.checked = input.value === session.player;
    input.addEventListener('change', () => session.choose(input.value));
  }
  document.getElementById('copy-token')?.addEventListener('click', async () => {
    await copy('token', async () => (await session.identity()).token);
  });
  document.getElementById('copy-player-id')?.addEventListener('click', async () => {
    await copy('player ID', async () => (await session.identity()).playerId);
  });

  /** @param {string} what @param {() => Promise<string>} get */
  async function copy(what, get) {
    try {
      const text = await get();
      // Browsers give the clipboard only to https and localhost; elsewhere the reader copies it from a dialog.
      if (navigator.clipboard) await navigator.clipboard.writeText(text);
      else window.prompt(`${session.player}'s ${what}`, text);
      notify(`Copied ${session.player}'s ${what}`);
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
    }
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** @param {string} text shown for a few seconds, and read aloud by screen readers */
function notify(text) {
  const notice = document.getElementById('notice');
  if (!notice) return;
  notice.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => {
    notice.textContent = '';
  }, 4_000);
}
