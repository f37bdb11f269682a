import type { CommentFact } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';

const ACTIONABLE = /underpin-ignore|^\W*public:/;

/** Comments that change what is reported: suppressions and `public: reason` marks. Never text inside string literals. */
export function actionableComments(text: string): CommentFact[] {
  if (!text.includes('underpin-ignore') && !text.includes('public:')) return [];
  const out: CommentFact[] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.JSX, text);
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token !== ts.SyntaxKind.SingleLineCommentTrivia && token !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    const comment = scanner.getTokenText();
    if (ACTIONABLE.test(comment)) {
      const start = scanner.getTokenStart();
      const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
      out.push({ text: comment, p: [start, scanner.getTokenEnd()], ...(before.trim() ? { trailing: true } : {}) });
    }
  }
  return out;
}
