import { type CallSink, each, packages, type Table } from './sink-table.ts';

const path: CallSink = { kind: 'path', arg: 0 };
const target: CallSink = { kind: 'path', arg: 1 };

const FILES =
  'access appendFile chmod chown copyFile cp createReadStream createWriteStream exists lchmod lchown link lstat lutimes mkdir mkdtemp open openAsBlob opendir readdir readFile readlink realpath rename rm rmdir stat statfs symlink truncate unlink unwatchFile utimes watch watchFile writeFile';
/** What fs-extra adds. */
const MORE_FILES =
  'copy createFile createLink createSymlink emptyDir emptydir ensureDir ensureFile ensureLink ensureSymlink mkdirp mkdirs move outputFile outputJSON outputJson pathExists readJSON readJson remove writeJSON writeJson';
const TWO_FILES = /^(?:copyFile|cp|link|rename|symlink|copy|move|createLink|createSymlink|ensureLink|ensureSymlink)/;

function files(): Table {
  const names = `${FILES} ${MORE_FILES}`.split(' ');
  return Object.fromEntries(
    names.flatMap(name => {
      const sinks = TWO_FILES.test(name) ? [path, target] : [path];
      return [name, `${name}Sync`, `promises.${name}`].map(member => [`node:fs.${member}`, sinks]);
    }),
  );
}

export const PATHS: Readonly<Table> = {
  ...files(),
  ...packages(
    'mkdirp make-dir make-dir.makeDirectory make-dir.makeDirectorySync del del.deleteAsync del.deleteSync trash open open.openApp open.default opn',
    path,
  ),
  ...each(
    'mkdirp.',
    'sync mkdirp mkdirpSync native nativeSync manual manualSync mkdirpNative mkdirpNativeSync mkdirpManual mkdirpManualSync',
    path,
  ),
  ...packages('rimraf', path),
  ...each(
    'rimraf.',
    'sync rimraf rimrafSync native nativeSync native.sync manual manualSync manual.sync windows windowsSync windows.sync posix posixSync posix.sync moveRemove moveRemoveSync moveRemove.sync',
    path,
  ),
  ...packages(
    'write-file-atomic write-file-atomic.sync load-json-file load-json-file.sync load-json-file.loadJsonFile write-json-file read-chunk.sync fs-write-stream-atomic lockfile.lock',
    path,
  ),
  ...packages('move-file cpy copy-dir ncp ncp.ncp', path, target),
  ...packages('glob.sync glob.globSync glob fast-glob fast-glob.sync globby', {
    kind: 'path',
    arg: 1,
    property: 'cwd',
  }),
  send: [{ ...target, unless: ['root'] }],
  ...packages('resolve resolve.sync', path),
  'require.resolve': [path],
  ...packages('prettier.resolveConfig', path, { kind: 'path', arg: 1, property: 'config' }),
  'prettier.resolveConfigFile': [path],
  ...each('read-pkg.', 'readPackage readPackageSync readPackageAsync', { kind: 'path', arg: 0, property: 'cwd' }),
  ...packages('express.static serve-static koa-static', path),
  'koa-send': [{ ...target, unless: ['root'] }],
  'adm-zip#extractAllTo': [path],
  'adm-zip#writeZip': [path],
  ...packages('tar.x tar.extract', { kind: 'path', arg: 0, property: 'cwd' }, { kind: 'path', arg: 0, property: 'C' }),
  'unzipper.Extract': [{ kind: 'path', arg: 0, property: 'path' }],
};
