import { type CallSink, each, joined, packages, type Table } from './sink-table.ts';

const url: CallSink = { kind: 'url', arg: 0 };
const code: CallSink = { kind: 'code', arg: 0 };

const BROWSERS = ['puppeteer.launch()', 'puppeteer-core.launch()', 'puppeteer.connect()', 'puppeteer-core.connect()'];
const PAGES = [
  ...BROWSERS.flatMap(browser => [`${browser}#newPage()`, `${browser}#createBrowserContext()#newPage()`]),
  ...['chromium', 'firefox', 'webkit'].flatMap(one =>
    ['playwright', 'playwright-core'].flatMap(lib => [
      `${lib}.${one}.launch()#newPage()`,
      `${lib}.${one}.launch()#newContext()#newPage()`,
    ]),
  ),
  'phantom.create()#createPage()',
  'puppeteer.Page',
  'puppeteer-core.Page',
  'playwright.Page',
];

export function pages(): Table {
  return Object.fromEntries(
    PAGES.flatMap(page => [
      // A page that renders foreign HTML fetches whatever it refers to.
      ...['goto', 'setContent', 'openUrl', 'open'].map(name => [`${page}#${name}`, [url]]),
      [`${page}#property`, [{ kind: 'url', arg: 1 }]],
      ...['evaluateJavaScript', 'addScriptTag'].map(name => [`${page}#${name}`, [code]]),
      ...['pdf', 'screenshot'].map(name => [`${page}#${name}`, [{ kind: 'path', arg: 0, property: 'path' }]]),
    ]),
  );
}

const REQUESTS = 'get post put patch del delete head options';

export const URLS: Readonly<Table> = {
  ...packages(
    'request request-promise request-promise-native requestretry postman-request superagent superagent.request got got.stream node-fetch node-fetch.default cross-fetch cross-fetch.fetch isomorphic-fetch isomorphic-unfetch make-fetch-happen minipass-fetch unfetch fetch axios axios.request axios.create()#request ky bent() wretch phin centra download open-graph-scraper metascraper ogs link-preview-js.getLinkPreview image-size.imageSizeFromUrl jimp.read',
    url,
  ),
  ...joined(
    [
      'request',
      'request-promise',
      'request-promise-native',
      'superagent',
      'superagent.agent()',
      'got',
      'ky',
      'needle',
      'axios',
      'axios.create()',
      'got.extend()',
    ].map(head => each(`${head}${head.endsWith(')') ? '#' : '.'}`, REQUESTS, url)),
  ),
  needle: [{ kind: 'url', arg: 1 }],
  'needle.request': [{ kind: 'url', arg: 1 }],
  ...packages(
    'urllib.request urllib.curl popsicle.fetch popsicle.request hyperquest undici.request undici.fetch undici.stream undici.pipeline',
    url,
  ),
  ...each(
    'node:http.',
    'get request',
    url,
    { kind: 'url', arg: 1, property: 'host' },
    { kind: 'url', arg: 1, property: 'hostname' },
  ),
  ...each(
    'node:https.',
    'get request',
    url,
    { kind: 'url', arg: 1, property: 'host' },
    { kind: 'url', arg: 1, property: 'hostname' },
  ),
  'node:http2.connect': [url],
  ...each('node:net.', 'connect createConnection', { kind: 'url', arg: 1 }, { kind: 'url', arg: 0, property: 'host' }),
  'node:net.Socket#connect': [
    { kind: 'url', arg: 1 },
    { kind: 'url', arg: 0, property: 'host' },
  ],
  'node:tls.connect': [
    { kind: 'url', arg: 1 },
    { kind: 'url', arg: 0, property: 'host' },
  ],
  WebSocket: [url],
  ws: [url],
  'ws.WebSocket': [url],
  EventSource: [url],
  eventsource: [url],
  'jsdom.JSDOM.fromURL': [url],
  'jsdom.fromURL': [url],
  'chrome-remote-interface()#Page.navigate': [{ kind: 'url', arg: 0, property: 'url' }],
  ...packages('wkhtmltoimage.generate wkhtmltopdf html-pdf.create html-pdf-node.generatePdf node-html-to-image', url),
  ...packages('http-proxy.createProxyServer', { kind: 'url', arg: 0, property: 'target' }),
  'http-proxy.createProxyServer()#web': [{ kind: 'url', arg: 2, property: 'target' }],
};
