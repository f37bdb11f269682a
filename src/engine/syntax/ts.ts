/** The one door to the TypeScript that ts-morph carries; nothing else may import a compiler. */
export { ts } from 'ts-morph';
