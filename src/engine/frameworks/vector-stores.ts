import type { OperationCall, OperationReader } from '../link/operations.ts';
import type { ApiValue } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

/** Calls on the way to a call of a member, from the client on: `client.index('notes').namespace(user)`. */
function callsBefore({ callee }: OperationCall): ApiValue[] {
  const out: ApiValue[] = [];
  for (let at = callee.from; at; at = at.from) if (at.made) out.unshift(at);
  return out;
}

/** `narrowed`: something besides the options says which records are meant. */
const search =
  (store: string, filter: string, position: number, named?: (call: OperationCall) => boolean): OperationReader =>
  call => {
    const options = call.arg(position);
    const known = options?.k === 'obj' && options.props.every(({ k }) => k === 'prop');
    const narrowed = optionOf(options, filter) !== undefined || optionOf(options, 'namespace') !== undefined;
    return {
      kind: 'vector-search',
      args: { options },
      is: { store, filter, narrowed: !known || narrowed || (named?.(call) ?? false) },
    };
  };

const write =
  (store: string, position: number): OperationReader =>
  call => ({ kind: 'vector-write', args: { records: call.arg(position) }, is: { store } });

/** An index or collection of somebody's own, chosen by a name that is none of the program's. */
const isChosen = (call: OperationCall): boolean =>
  callsBefore(call).some(
    ({ path, made }) =>
      /#(?:namespace|[iI]ndex|getCollection|getOrCreateCollection|collection)(?:\(\))?$/.test(path) &&
      (/namespace/.test(path) || made!.args.some(arg => arg.k !== 'const' && arg.k !== 'object')),
  );
const isChosenHere = (call: OperationCall): boolean => call.value(0)?.k !== 'const';

const PINECONE = '@pinecone-database/pinecone.Pinecone';
const QDRANT = '@qdrant/js-client-rest.QdrantClient';
const CHROMA = ['chromadb.ChromaClient', 'chromadb.CloudClient'];

/** Stores that are searched by likeness. */
export const vectorStores = defineAdapter({
  id: 'vector-stores',
  title: 'Vector stores',
  docs: 'https://docs.pinecone.io/reference/typescript-sdk',
  packages: ['@pinecone-database/pinecone', '@qdrant/js-client-rest', 'chromadb'],
  operations: {
    ...Object.fromEntries(
      ['#index()', '#Index()', '#index()#namespace()', '#Index()#namespace()'].flatMap(index => [
        [`${PINECONE}${index}#query`, search('pinecone', 'filter', 0, isChosen)],
        [`${PINECONE}${index}#upsert`, write('pinecone', 0)],
      ]),
    ),
    [`${QDRANT}#search`]: search('qdrant', 'filter', 1, isChosenHere),
    [`${QDRANT}#query`]: search('qdrant', 'filter', 1, isChosenHere),
    [`${QDRANT}#upsert`]: write('qdrant', 1),
    ...Object.fromEntries(
      CHROMA.flatMap(client =>
        ['getCollection', 'getOrCreateCollection', 'createCollection'].flatMap(method => [
          [`${client}#${method}()#query`, search('chroma', 'where', 0, isChosen)],
          [`${client}#${method}()#add`, write('chroma', 0)],
          [`${client}#${method}()#upsert`, write('chroma', 0)],
        ]),
      ),
    ),
  },
});
