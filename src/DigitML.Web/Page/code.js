// The request that the page made, as a program would make it.

import { hasKey, readPath } from '/api.js';
import { byId, copy, make } from '/dom.js';

const key = { curl: " -H 'X-Api-Key: KEY'", csharp: 'client.DefaultRequestHeaders.Add("X-Api-Key", "KEY");\n', python: ', headers={"X-Api-Key": "KEY"}', javascript: "\n  headers: { 'X-Api-Key': 'KEY' }," };

const WAYS = {
  curl: ['curl', (url, file, k) => `curl${k} -F 'file=@${file}' '${url}'`],
  csharp: ['C#', (url, file, k) => `using var client = new HttpClient();\n${k}using var form = new MultipartFormDataContent\n{\n    { new ByteArrayContent(File.ReadAllBytes("${file}")), "file", "${file}" },\n};\nvar response = await client.PostAsync("${url}", form);\nConsole.WriteLine(await response.Content.ReadAsStringAsync());`],
  python: ['Python', (url, file, k) => `import requests\n\nwith open("${file}", "rb") as picture:\n    answer = requests.post("${url}", files={"file": picture}${k}).json()\nprint(answer["text"], answer["verdict"])`],
  javascript: ['JavaScript', (url, file, k) => `const form = new FormData();\nform.append('file', picture, '${file}'); // a File or Blob\nconst answer = await fetch('${url}', {\n  method: 'POST',${k}\n  body: form,\n}).then(response => response.json());\nconsole.log(answer.text, answer.verdict);`],
};

let question = null;
let way = 'curl';

/** What may stand between quotes in all four languages. */
const plain = name => name.replace(/[^\w. ()-]/g, '_');

function draw() {
  if (!question) return;
  const [, write] = WAYS[way];
  byId('code-text').textContent = write(`${location.origin}${readPath(question)}`, plain(question.name), hasKey() ? key[way] : '');
  [...byId('code-ways').children].forEach(button => button.setAttribute('aria-pressed', button.dataset.way === way));
}

byId('code-ways').replaceChildren(...Object.entries(WAYS).map(([id, [name]]) => {
  const button = make('button', { type: 'button', className: 'small-button', textContent: name, onclick: () => { way = id; draw(); } });
  button.dataset.way = id;
  return button;
}));
byId('code-copy').addEventListener('click', event => copy(byId('code-text').textContent, event.target));

/** Shows the request of a reading: { name, single, lines, wanted }. */
export function showCode(asked) {
  question = asked;
  draw();
}
