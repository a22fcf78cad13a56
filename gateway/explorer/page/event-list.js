/** One subscription's events, newest first, with its status and a button: Stop while it runs, Close afterwards. */

const MAX_EVENTS = 100;

export class EventList {
  element = document.createElement('article');
  #title;
  #status = document.createElement('span');
  #button = document.createElement('button');
  #events = document.createElement('ol');

  /** @param {{ title: string, onStop: () => void, onClose: () => void }} options */
  constructor({ title, onStop, onClose }) {
    this.#title = title;
    const heading = document.createElement('h2');
    heading.textContent = title;
    this.#status.setAttribute('role', 'status');
    this.#button.type = 'button';
    this.#button.addEventListener('click', () =>
      this.element.classList.contains('running') ? onStop() : onClose(),
    );
    const header = document.createElement('header');
    header.append(heading, this.#status, this.#button);
    this.element.append(header, this.#events);
  }

  /** @param {string} text @param {boolean} running */
  setStatus(text, running) {
    this.#status.textContent = text;
    this.element.classList.toggle('running', running);
    this.#button.textContent = running ? 'Stop' : 'Close';
    this.#button.setAttribute('aria-label', `${this.#button.textContent} ${this.#title}`);
  }

  /** @param {unknown} event shown as JSON */
  add(event) {
    const time = document.createElement('time');
    time.textContent = new Date().toLocaleTimeString();
    const code = document.createElement('code');
    code.textContent = JSON.stringify(event);
    const item = document.createElement('li');
    item.append(time, code);
    this.#events.prepend(item);
    if (this.#events.childElementCount > MAX_EVENTS) this.#events.lastElementChild?.remove();
  }
}
