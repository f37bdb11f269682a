import { defineAdapter } from './adapter.ts';

/** Code that runs in a browser: whoever makes a link to the page chooses its address. */
export const browser = defineAdapter({
  id: 'browser',
  title: 'Pages in a browser',
  docs: 'https://developer.mozilla.org/docs/Web/API/Location',
  packages: [],
  aliases: {
    'document#location': 'location',
    'window#location': 'location',
    'self#location': 'location',
    'window#document': 'document',
  },
  request: {
    'location#hash': 'url',
    'location#search': 'url',
    'location#href': 'url',
    'document#URL': 'url',
    'document#documentURI': 'url',
    'document#referrer': 'url',
    'window#name': 'url',
    // Any page that opened this one, or is shown in it, sends messages.
    'page.Message#data': 'raw',
  },
});
