import { useState } from 'preact/hooks';
import type { FindingView, LabelledEvidence, TrendView } from '../../lsp/protocol.ts';
import type { TrendStatus } from '../../session/api.ts';
import type { TrendsRequest } from './trends-messages.ts';

type Ask = (request: TrendsRequest) => void;

const STATUS: Readonly<Record<TrendStatus, { word: string; icon: string }>> = {
  established: { word: 'Established', icon: 'pass-filled' },
  started: { word: 'Started', icon: 'circle-large-filled' },
  absent: { word: 'Absent', icon: 'circle-large' },
  'not-applicable': { word: 'Not applicable', icon: 'circle-slash' },
};

const SEVERITY_ICONS: Readonly<Record<FindingView['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  hint: 'lightbulb',
};

/** Pieces of evidence shown before the reader asks for all. */
const SHOWN_EVIDENCE = 6;

/** One trend or benefit: a heading that opens to evidence, findings and next steps. */
export function Item(props: { id: string; trend: TrendView; expanded: boolean; toggle: () => void; ask: Ask }) {
  const { id, trend, expanded, toggle, ask } = props;
  const { word, icon } = STATUS[trend.status];
  const open = `${trend.open} open ${trend.open === 1 ? 'finding' : 'findings'}`;
  const scored = trend.status === 'started' || trend.status === 'established';
  return (
    <article class={`item ${trend.status}`}>
      <h3>
        <button type="button" class="heading" aria-expanded={expanded} aria-controls={`${id}-body`} onClick={toggle}>
          <i class={`codicon codicon-chevron-${expanded ? 'down' : 'right'}`} aria-hidden="true" />
          <i class={`codicon codicon-${icon} status`} aria-hidden="true" />
          <span class="title">{trend.title}</span>
          {trend.open > 0 && (
            <span class="badge" title={open}>
              <span aria-hidden="true">{trend.open}</span>
              <span class="hidden">, {open},</span>
            </span>
          )}
          <span class={trend.status === 'not-applicable' ? 'hidden' : 'word'}>{word}</span>
          {scored && <span class="hidden">, score {trend.score} of 100</span>}
        </button>
      </h3>
      {scored && <Meter score={trend.score} />}
      {expanded && (
        <div class="body" id={`${id}-body`}>
          <p>{trend.summary}</p>
          {trend.why && <p class="why">{trend.why}</p>}
          <Steps trend={trend} ask={ask} />
          <Findings trend={trend} ask={ask} />
          <EvidenceList title="What is missing" icon="close" list={trend.evidenceAgainst} ask={ask} />
          <EvidenceList title="What is there" icon="check" list={trend.evidenceFor} ask={ask} />
          <button type="button" class="link" onClick={() => ask({ kind: 'page', id: `${trend.kind}s/${trend.id}` })}>
            <i class="codicon codicon-book" aria-hidden="true" /> About {trend.title}
          </button>
        </div>
      )}
    </article>
  );
}

/** The same number stands in the heading for those who cannot see the bar. */
function Meter({ score }: { score: number }) {
  return (
    <div class="meter" aria-hidden="true">
      <span class="track">
        <span class="fill" style={{ width: `${score}%` }} />
      </span>
      <span class="score">{score}</span>
    </div>
  );
}

function EvidenceList(props: { title: string; icon: string; list: readonly LabelledEvidence[]; ask: Ask }) {
  const { title, icon, list, ask } = props;
  const [all, setAll] = useState(false);
  if (list.length === 0) return null;
  const shown = all ? list : list.slice(0, SHOWN_EVIDENCE);
  return (
    <>
      <h4>{title}</h4>
      <ul class="evidence">
        {shown.map(({ message, label, uri, range }) => (
          <li key={`${label}${message}`}>
            <i class={`codicon codicon-${icon} ${icon}`} aria-hidden="true" />
            <span>
              {marked(message)}{' '}
              <button type="button" class="link place" onClick={() => ask({ kind: 'open', place: { uri, range } })}>
                {label}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {shown.length < list.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          Show {list.length - shown.length} more
        </button>
      )}
    </>
  );
}

function Findings({ trend, ask }: { trend: TrendView; ask: Ask }) {
  if (trend.open === 0) return null;
  return (
    <>
      <h4>Open findings</h4>
      <ul class="evidence">
        {trend.findings.map(finding => (
          <li key={finding.fingerprint}>
            <i class={`codicon codicon-${SEVERITY_ICONS[finding.severity]} ${finding.severity}`} aria-hidden="true" />
            <span>
              <span class="hidden">{finding.severity}: </span>
              {marked(finding.message)}{' '}
              <button type="button" class="link place" onClick={() => ask({ kind: 'open', place: finding })}>
                {finding.file}:{finding.range.start.line + 1}
              </button>{' '}
              <button type="button" class="link" onClick={() => ask({ kind: 'explain', finding })}>
                Explain
              </button>
            </span>
          </li>
        ))}
      </ul>
      {trend.open > trend.findings.length && (
        <button type="button" class="link" onClick={() => ask({ kind: 'command', command: 'showFindings' })}>
          Show all {trend.open} findings
        </button>
      )}
    </>
  );
}

function Steps({ trend, ask }: { trend: TrendView; ask: Ask }) {
  if (trend.nextSteps.length === 0) return null;
  const words = { finding: 'Go to code', recipe: 'Show recipe', page: 'Read' } as const;
  return (
    <>
      <h4>Next steps</h4>
      <ol class="steps">
        {trend.nextSteps.map(({ title, action }, at) => (
          <li key={title}>
            <span>{title}</span>
            <button
              type="button"
              class={at === 0 ? 'primary' : 'secondary'}
              aria-label={`${words[action.kind]}: ${title}`}
              onClick={() => ask({ kind: 'step', folder: trend.folder, action })}
            >
              {words[action.kind]}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

/** What stands between backticks is code. */
function marked(text: string) {
  return text.split('`').map((part, at) => (at % 2 === 1 ? <code key={part}>{part}</code> : part));
}
