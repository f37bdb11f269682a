import { ALL, type CallSink, each, joined, packages, RECEIVER, type Table } from './sink-table.ts';

const code: CallSink = { kind: 'code', arg: 0 };
const xml: CallSink = { kind: 'xml', arg: 0 };
const entities: CallSink = { ...xml, switched: ['noent', 'dtdload', 'dtdvalid', 'huge'] };
export const XML: Readonly<Table> = {
  ...joined(
    ['libxmljs', 'libxmljs2', 'libxml', 'libxml-xsd'].map(lib => ({
      ...each(
        `${lib}.`,
        'parseXml parseXmlString parseXmlAsync parseXmlStringAsync parseHtml Document.fromXml',
        entities,
      ),
      [`${lib}.SaxParser#parseString`]: [xml],
      [`${lib}.SaxPushParser#push`]: [xml],
    })),
  ),
  ...each('node-expat.Parser#', 'write parse end', xml),
  ...each('node-expat.createParser()#', 'write parse end', xml),
};

const inflate: CallSink = { kind: 'inflate', arg: 0, unless: ['maxOutputLength', 'filter', 'maxReadSize'] };
const unpacked: CallSink = { kind: 'inflate', arg: RECEIVER };
export const INFLATE: Readonly<Table> = {
  ...each(
    'node:zlib.',
    'gunzip gunzipSync unzip unzipSync inflate inflateSync inflateRaw inflateRawSync brotliDecompress brotliDecompressSync',
    inflate,
  ),
  ...each('pako.', 'inflate inflateRaw ungzip', inflate),
  ...each(
    'fflate.',
    'unzip unzipSync unzlib unzlibSync gunzip gunzipSync decompress decompressSync inflate inflateSync',
    inflate,
  ),
  ...each('jszip.', 'loadAsync', inflate),
  ...each('jszip#', 'loadAsync', inflate),
  ...each('adm-zip#', 'readAsText readFile extractEntryTo extractAllTo extractAllToAsync', unpacked),
  decompress: [inflate],
  'extract-zip': [inflate],
  ...each('yauzl.', 'fromFd fromBuffer fromRandomAccessReader', inflate),
  ...each('tar.', 'x extract', { ...inflate, property: 'file' }),
};

/** Streams that unpack what is piped into them. */
export const UNPACKERS: ReadonlySet<string> = new Set(
  'node:zlib.createGunzip() node:zlib.createUnzip() node:zlib.createInflate() node:zlib.createInflateRaw() node:zlib.createBrotliDecompress() tar.x() tar.extract() unzipper.Extract() unzipper.Parse() unzipper.ParseOne() unbzip2-stream() gunzip-maybe()'.split(
    ' ',
  ),
);

const size: CallSink = { kind: 'size', arg: 0 };
export const SIZES: Readonly<Table> = {
  ...each('Buffer.', 'alloc allocUnsafe allocUnsafeSlow', size),
  ...each('node:buffer.Buffer.', 'alloc allocUnsafe allocUnsafeSlow', size),
  ...packages('Buffer SlowBuffer node:buffer.Buffer node:buffer.SlowBuffer', { ...size, numeric: true }),
  'node:crypto.randomBytes': [size],
  setTimeout: [code, { kind: 'size', arg: 1 }],
  setInterval: [code, { kind: 'size', arg: 1 }],
};

const proto: CallSink = { kind: 'merge', arg: ALL };
export const MERGES: Readonly<Table> = {
  ...each('lodash.', 'merge mergeWith defaultsDeep', { ...proto, below: '4.17.21' }),
  ...packages('merge-deep deep-extend mixin-deep assign-deep lodash.merge() webix.extend webix.copy', proto),
};
