import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { unlimited } from '../http-timeouts.ts';
import { type BrokenHabit, grouped, isHabit, mayShowHabit, SHOWN } from './habits.ts';

/**
 * Requests without a timeout in services that give nearly all of theirs one. Those on the way of a request or a job are
 * reported wherever they are, so these are what runs besides: timers, start-up, hooks of libraries.
 */
export function brokenTimeouts(model: Model): BrokenHabit[] {
  const limited = model.operations('http-request').filter(({ is }) => is['bounded'] === 'yes');
  if (!mayShowHabit(limited.length)) return [];
  const folderOf = ({ file }: Operation): string => model.project.packageOf(file)?.folder ?? '';
  const onTheWay = new Set([...model.reached.values()].map(({ func }) => func.file));
  // A file of which nothing is on the way of a request may run in a browser.
  const others = unlimited(model, ({ file }) => onTheWay.has(file));
  const byFolder = grouped(others, ({ request }) => folderOf(request));
  return [...byFolder].flatMap(([folder, odd]) => {
    const followers = limited.filter(one => folderOf(one) === folder);
    if (!isHabit(followers.length, odd.length)) return [];
    const unseen = odd.filter(({ request }) => !model.reached.has(request.fn));
    return unseen.map(({ operation, request, target }) => ({
      how: 'timeout',
      span: operation.span,
      subject: target.hosts[0] === undefined ? 'this one' : `the one to ${target.hosts[0]}`,
      kind: 'requests of this service to others',
      name: '',
      followers: [
        ...(operation === request ? [] : [{ span: request.span, message: 'a request that goes through it' }]),
        ...followers.slice(0, SHOWN).map(({ span }) => ({ span, message: 'this one gives up after a time' })),
      ],
      count: followers.length,
      all: followers.length + odd.length,
    }));
  });
}
