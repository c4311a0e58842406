// The page of the stand-in: shows the server's health and calls its one tool.

const health = document.querySelector('#health');
const form = document.querySelector('#ask');
const answer = document.querySelector('#answer');
const button = form.querySelector('button');

let lastId = 0;

/** Asks the server over JSON-RPC; gives the result or throws what the server said. */
async function ask(method, params = {}) {
  lastId += 1;
  const response = await fetch('mcp', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params }),
  });
  const { result, error } = await response.json();
  if (!response.ok || result === undefined) throw new Error(error?.message ?? error ?? `HTTP ${response.status}`);
  return result;
}

async function showHealth() {
  try {
    const { name, version } = await (await fetch('health')).json();
    health.textContent = `${name} ${version} answers.`;
    health.className = 'good';
  } catch {
    health.textContent = 'The server does not answer.';
    health.className = 'bad';
  }
}

async function showNames(event) {
  event.preventDefault();
  button.disabled = true;
  try {
    const bus = new FormData(form).get('bus');
    const { content, isError } = await ask('tools/call', { name: 'list_bus_names', arguments: { bus } });
    const text = content.map((part) => part.text).join('\n');
    answer.replaceChildren(isError ? message(text) : listOf(text.split('\n')));
  } catch (error) {
    answer.replaceChildren(message(error.message));
  } finally {
    button.disabled = false;
  }
}

function listOf(names) {
  const list = document.createElement('ul');
  for (const name of names) {
    const item = document.createElement('li');
    item.textContent = name;
    list.append(item);
  }
  return list;
}

function message(text) {
  const paragraph = document.createElement('p');
  paragraph.className = 'bad';
  paragraph.textContent = text;
  return paragraph;
}

form.addEventListener('submit', showNames);
await showHealth();
