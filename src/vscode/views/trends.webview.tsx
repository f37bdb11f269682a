/// <reference lib="dom" />
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { TrendsOfFolder, TrendView } from '../../lsp/protocol.ts';
import { Item } from './trends-item.tsx';
import type { TrendsRequest, TrendsState, ViewCommand } from './trends-messages.ts';

/** What survives hiding the view and reloading the window. */
interface Remembered {
  readonly folder?: string;
  readonly expanded: readonly string[];
}

interface Host {
  postMessage(request: TrendsRequest): void;
  getState(): Remembered | undefined;
  setState(state: Remembered): void;
}

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const ask = (request: TrendsRequest): void => host.postMessage(request);

function App() {
  const [state, setState] = useState<TrendsState>({ phase: 'loading', folders: [] });
  const [memory, setMemory] = useState<Remembered>(host.getState() ?? { expanded: [] });

  useEffect(() => {
    const listen = ({ data }: MessageEvent<TrendsState>): void => setState(data);
    window.addEventListener('message', listen);
    ask({ kind: 'ready' });
    return () => window.removeEventListener('message', listen);
  }, []);

  function remember(next: Remembered): void {
    host.setState(next);
    setMemory(next);
  }

  function toggle(id: string): void {
    const { expanded } = memory;
    remember({ ...memory, expanded: expanded.includes(id) ? expanded.filter(each => each !== id) : [...expanded, id] });
  }

  const current = state.folders.find(({ folder }) => folder === memory.folder) ?? state.folders[0];
  if (state.phase === 'no-folder') {
    return (
      <Notice text="Open a folder with a backend to see where it stands." action="Open Folder" command="openFolder" />
    );
  }
  if (state.phase === 'failed') {
    return <Notice text="The Underpin server is off." action="Restart Server" command="restartServer" />;
  }
  if (!current && state.phase === 'ready') {
    return <Notice text="Underpin is switched off here." action="Open Settings" command="openSettings" />;
  }
  if (!current) return <Loading />;
  return (
    <>
      {state.folders.length > 1 && (
        <Folders folders={state.folders} current={current.folder} choose={folder => remember({ ...memory, folder })} />
      )}
      <Summary trends={current.trends.filter(({ kind }) => kind === 'trend')} />
      <Section title="Trends" kind="trend" of={current} expanded={memory.expanded} toggle={toggle} />
      <Section title="Benefits" kind="benefit" of={current} expanded={memory.expanded} toggle={toggle} />
    </>
  );
}

function Section(props: {
  title: string;
  kind: TrendView['kind'];
  of: TrendsOfFolder;
  expanded: readonly string[];
  toggle: (id: string) => void;
}) {
  const items = props.of.trends.filter(({ kind }) => kind === props.kind);
  const applicable = items.filter(({ status }) => status !== 'not-applicable');
  const others = items.filter(({ status }) => status === 'not-applicable');
  const draw = (trend: TrendView) => {
    const id = `${trend.kind}-${trend.id}`;
    return (
      <Item
        key={id}
        id={id}
        trend={trend}
        expanded={props.expanded.includes(id)}
        toggle={() => props.toggle(id)}
        ask={ask}
      />
    );
  };
  return (
    <section aria-labelledby={`heading-${props.kind}`} onKeyDown={moveFocus}>
      <h2 id={`heading-${props.kind}`}>{props.title}</h2>
      {applicable.map(draw)}
      {others.length > 0 && (
        <>
          <p class="divider">Not applicable here</p>
          {others.map(draw)}
        </>
      )}
    </section>
  );
}

const WORDS = [
  ['established', 'established'],
  ['started', 'started'],
  ['absent', 'absent'],
] as const;

function Summary({ trends }: { trends: readonly TrendView[] }) {
  const parts = WORDS.map(
    ([status, word]) => [trends.filter(trend => trend.status === status).length, status, word] as const,
  );
  if (parts.every(([count]) => count === 0)) {
    return (
      <div class="summary">
        <p>No backend was found in this folder, so no trend applies to it.</p>
      </div>
    );
  }
  return (
    <div class="summary">
      <div class="bar" aria-hidden="true">
        {parts.map(
          ([count, status]) => count > 0 && <span key={status} class={`part ${status}`} style={{ flexGrow: count }} />,
        )}
      </div>
      <p>
        {parts.map(([count, status, word], at) => (
          <span key={status}>
            {at > 0 && ' · '}
            <b>{count}</b> {word}
          </span>
        ))}
      </p>
    </div>
  );
}

function Folders(props: { folders: readonly TrendsOfFolder[]; current: string; choose: (folder: string) => void }) {
  return (
    <label class="folders">
      Folder
      <select value={props.current} onChange={event => props.choose(event.currentTarget.value)}>
        {props.folders.map(({ folder, name }) => (
          <option key={folder} value={folder}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Loading() {
  return (
    <div class="notice" role="status">
      <i class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true" />
      <p>Reading the backend…</p>
    </div>
  );
}

function Notice(props: { text: string; action: string; command: ViewCommand }) {
  return (
    <div class="notice">
      <p>{props.text}</p>
      <button type="button" class="primary" onClick={() => ask({ kind: 'command', command: props.command })}>
        {props.action}
      </button>
    </div>
  );
}

/** Arrow keys walk over the headings, as in a tree; Home and End go to the first and the last. */
function moveFocus(event: KeyboardEvent): void {
  const headings = [...document.querySelectorAll<HTMLButtonElement>('button.heading')];
  const at = headings.indexOf(document.activeElement as HTMLButtonElement);
  if (at < 0) return;
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: headings.length - 1 };
  const target = headings[targets[event.key] ?? -1];
  if (!target) return;
  event.preventDefault();
  target.focus();
}

const root = document.getElementById('root');
if (root) render(<App />, root);
