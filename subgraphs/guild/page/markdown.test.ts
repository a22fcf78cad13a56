import { describe, expect, test } from 'vitest';
import { computing } from '../../../test/kit/computing.ts';
import { htmlOf } from './markdown.ts';

/** What runs, loads or leads elsewhere when a browser meets it, by how it is smuggled in. */
const injections = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://a.example/x.png" onerror="alert(1)">',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mtext></p><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>',
  '<embed src="javascript:alert(1)">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="https://a.example" onclick="alert(1)">x</a>',
  '<form action="https://evil.example"><input name=password><button>go</button></form>',
  '<body onload=alert(1)>',
  '<style>*{background:url(https://evil.example)}</style>',
  '<p style="position:fixed;inset:0">over it all</p>',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<base href="https://evil.example/">',
  '<details open ontoggle=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<a id=location name=location>clobber</a>',
  '<p class="admin" id="root">mimicry</p>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](javascript&#58;alert(1))',
  '[x](%6Aavascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](file:///etc/passwd)',
  '[x](//evil.example)',
  '[x](/logout)',
  '[x](?delete=all)',
  '[x](http://insecure.example)',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '![x](data:image/png;base64,iVBORw0KGgo=)',
  '![x](http://tracker.example/pixel.gif)',
  '![x](//tracker.example/pixel.gif)',
  '![" onerror="alert(1)](https://a.example/x.png)',
  '![x](https://a.example/x.png" onerror="alert(1))',
  '![x](https://a.example/x.png "\\" onerror=\\"alert(1)")',
  '[x](https://a.example "\\" onmouseover=\\"alert(1)")',
  '[x](https://a.example/"onmouseover="alert(1))',
  '[x]: javascript:alert(1)\n\n[x]',
  '```"><script>alert(1)</script>\ncode\n```',
  '```html onload=alert(1)\n<script>alert(1)</script>\n```',
  '`<script>alert(1)</script>`',
  '    <script>alert(1)</script>',
  '| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |',
  '> <img src=x onerror=alert(1)>',
  '- <svg/onload=alert(1)>',
  '**<b onmouseover=alert(1)>x</b>**',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '\\<script>alert(1)\\</script>',
  '<\u0000script>alert(1)</script>',
  '<ſcript>alert(1)</ſcript>',
  '\u202E<script>alert(1)</script>',
];

const tags = /^(p|br|hr|h[1-6]|blockquote|pre|code|em|strong|s|ul|ol|li|table|thead|tbody|tr|th|td|a|img)$/;

/** Every tag in the HTML, with its attributes: everything else is text, which holds no `<`. */
function tagsIn(html: string) {
  const found = [...html.matchAll(/<([^<>]*)>/g)].map(([, inside = '']) => inside);
  const text = html.replaceAll(/<[^<>]*>/g, '');
  expect(text).not.toMatch(/[<>]/);
  return found.map((inside) => {
    const [, name = '', rest = ''] = /^\/?([a-z0-9]+)((?:.|\n)*)$/i.exec(inside) ?? [];
    const attributes = [...rest.matchAll(/([^\s="/]+)(?:="([^"]*)")?/g)];
    return { name, attributes: attributes.map(([, key = '', value = '']) => [key, value] as const) };
  });
}

function expectHarmless(html: string) {
  for (const { name, attributes } of tagsIn(html)) {
    expect(name).toMatch(tags);
    for (const [key, value] of attributes) {
      expect(['href', 'src', 'alt', 'title', 'rel', 'start']).toContain(key);
      if (key === 'href' || key === 'src') expect(value).toMatch(/^https:\/\//i);
    }
  }
}

describe('what is smuggled in stays harmless', () => {
  test.each(injections)('%j', (body) => {
    expectHarmless(htmlOf(body));
    expectHarmless(htmlOf(`text\n\n${body}\n\n${body} text`));
  });
  test('one after the other, in one body', () => {
    expectHarmless(htmlOf(injections.join('')));
    expectHarmless(htmlOf(injections.toReversed().join(' ')));
    for (const [index, one] of injections.entries()) {
      expectHarmless(htmlOf(`${one}${injections[index + 1] ?? ''}`));
    }
  });
});

test('markdown is rendered', () => {
  expect(htmlOf('# We\n\n*march* **on** ~~time~~\n\n1. one\n2. two')).toBe(
    '<h1>We</h1>\n<p><em>march</em> <strong>on</strong> <s>time</s></p>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n',
  );
  expect(htmlOf('| a |\n|---|\n| b |')).toContain('<td>b</td>');
  expect(htmlOf('[site](https://a.example/x?y=1&z=2 "there")')).toBe(
    '<p><a title="there" href="https://a.example/x?y=1&amp;z=2" rel="nofollow ugc noopener noreferrer">site</a></p>\n',
  );
  expect(htmlOf('![flag](https://a.example/flag.png)')).toBe(
    '<p><img src="https://a.example/flag.png" alt="flag" /></p>\n',
  );
  expect(htmlOf('')).toBe('');
});

test.each([
  ['brackets', '['.repeat(20_000)],
  ['images', '![]('.repeat(5_000)],
  ['stars', '*a'.repeat(10_000)],
  ['nested quotes', '>'.repeat(20_000)],
  ['nested lists', '- '.repeat(10_000)],
  ['backticks', Array.from({ length: 190 }, (_, index) => '`'.repeat(index)).join(' ')],
  ['references', '[a]: u\n'.repeat(2_800)],
  ['tables', `${'|a'.repeat(1_000)}\n${'|-'.repeat(1_000)}\n${'|b'.repeat(8_000)}`],
  ['entities', '&#'.repeat(10_000)],
])('the longest body of %s is rendered at once, however busy the machine', (_name, body) => {
  let html = '';
  expect(
    computing(() => {
      html = htmlOf(body);
    }),
  ).toBeLessThan(2_000);
  expectHarmless(html);
});
