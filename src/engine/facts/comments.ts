import type { CommentFact } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';

const ACTIONABLE = /underpin-ignore|^\W*public:/;

/** Comments that change what is reported: suppressions and `public: reason` marks. Never text inside string literals. */
export function actionableComments(text: string): CommentFact[] {
  if (!text.includes('underpin-ignore') && !text.includes('public:')) return [];
  const out: CommentFact[] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.JSX, text);
  // Open braces by the template hole they stand in: the brace that closes a hole goes on with the template's text.
  const holes: number[] = [];
  let before = ts.SyntaxKind.Unknown;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.TemplateHead) holes.push(0);
    else if (holes.length && token === ts.SyntaxKind.OpenBraceToken) holes[holes.length - 1]! += 1;
    else if (holes.length && token === ts.SyntaxKind.CloseBraceToken) {
      if (holes.at(-1)! > 0) holes[holes.length - 1]! -= 1;
      else if (scanner.reScanTemplateToken(false) === ts.SyntaxKind.TemplateTail) holes.pop();
    } else if (isSlash(token) && !endsOperand(before)) scanner.reScanSlashToken();
    if (token > ts.SyntaxKind.LastTriviaToken) before = scanner.getToken();
    if (token !== ts.SyntaxKind.SingleLineCommentTrivia && token !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    const comment = scanner.getTokenText();
    if (ACTIONABLE.test(comment)) {
      const start = scanner.getTokenStart();
      const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
      out.push({ text: comment, p: [start, scanner.getTokenEnd()], ...(line.trim() ? { trailing: true } : {}) });
    }
  }
  return out;
}

function isSlash(token: number): boolean {
  return token === ts.SyntaxKind.SlashToken || token === ts.SyntaxKind.SlashEqualsToken;
}

/** Whether a slash behind this token divides; anywhere else it begins a regular expression. */
function endsOperand(token: number): boolean {
  const { SyntaxKind } = ts;
  return (
    token === SyntaxKind.Identifier ||
    (token >= SyntaxKind.FirstLiteralToken && token <= SyntaxKind.NoSubstitutionTemplateLiteral) ||
    token === SyntaxKind.TemplateTail ||
    token === SyntaxKind.CloseParenToken ||
    token === SyntaxKind.CloseBracketToken ||
    token === SyntaxKind.CloseBraceToken ||
    token === SyntaxKind.ThisKeyword ||
    // `</div>` is no regular expression either.
    token === SyntaxKind.LessThanToken
  );
}
