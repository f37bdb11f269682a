import { type BuiltImage, imageName } from '../link/images.ts';
import type { Project } from '../link/project.ts';
import type { EffectiveStage } from '../model/artefacts/dockerfile.ts';
import type { Located } from '../model/document.ts';
import { scriptOf } from './container-command.ts';

/** Bases whose images start as root, by the last segment of their name. */
const ROOT_BASES =
  /^(?:node|debian|ubuntu|alpine|bun|python|golang|ruby|openjdk|eclipse-temurin|amazoncorretto|rust|php|buildpack-deps|fedora|rockylinux|amazonlinux|archlinux|busybox|nodejs(?:\d+)?(?:-debian\d+)?)$/;
const SYSTEMS = /^(?:debian|ubuntu|alpine|fedora|rockylinux|amazonlinux|archlinux|busybox|buildpack-deps)$/;
/** Variants that start as somebody else, by name, tag or publisher. */
const NON_ROOT =
  /nonroot|non-root|unprivileged|rootless|^(?:cgr\.dev|dhi\.io)\/|(?:^|\/)(?:chainguard|bitnami|ubi\d+|puppeteer|lambda)(?:\/|$)/;
const DROPS = /(?:^|[\s"'[&|;])(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|chpst|chroot --userspec)\b/;

export interface ContainerUser {
  /** `unknown` for bases that are not known, computed names and entry points that change the user. */
  readonly is: 'root' | 'other' | 'unknown';
  /** The `USER` instruction that decides, if there is one. */
  readonly stated: Located | undefined;
  /** `node` if the base is the official Node.js image, which has a user of that name (uid 1000). */
  readonly nodeUser: boolean;
}

/** Whom the processes of an image belong to. */
export function containerUser(project: Project, image: BuiltImage): ContainerUser {
  const { stage } = image;
  const base = stage.base.resolved === undefined ? undefined : imageName(stage.base.resolved);
  const nodeUser = base?.base === 'node' || (base?.base === 'bun' && /oven/.test(base.repository));
  const stated = stage.user;
  if (stated) {
    const name = expand(stated.value, stage)?.split(':')[0];
    const is = name === undefined ? 'unknown' : name === 'root' || name === '0' ? 'root' : 'other';
    return { is: is === 'root' && drops(project, image) ? 'unknown' : is, stated, nodeUser };
  }
  if (!base || !stage.base.resolved || stage.base.resolved === 'scratch') return { is: 'unknown', stated, nodeUser };
  if (NON_ROOT.test(stage.base.resolved)) return { is: 'other', stated, nodeUser };
  // On a bare system without a port nothing says that a service runs rather than a tool.
  const isTool = SYSTEMS.test(base.base) && stage.expose.length === 0;
  const isRoot = ROOT_BASES.test(base.base) && !isTool && !drops(project, image);
  return { is: isRoot ? 'root' : 'unknown', stated, nodeUser };
}

/** An entry point that starts as root to prepare something and then becomes another user. */
function drops(project: Project, image: BuiltImage): boolean {
  const { entrypoint, cmd, chain } = image.stage;
  const words = [...(entrypoint?.words ?? []), ...(cmd?.words ?? [])].map(word => word.value ?? '');
  if (words.some(word => DROPS.test(` ${word}`) || /^su\b/.test(word))) return true;
  if (
    chain.some(stage => stage.runs.some(run => run.words.some(word => /\b(?:gosu|su-exec)\b/.test(word.value ?? ''))))
  )
    return true;
  return words.some(word => {
    const script = scriptOf(project, image, word);
    return script?.facts.commands.some(({ value }) => DROPS.test(` ${value}`) || /(?:^|\s)su\s+-/.test(value)) ?? false;
  });
}

/** Fills in `$NAME` from ENV and ARG; undefined if one has no value. */
function expand(text: string, stage: EffectiveStage): string | undefined {
  let known = true;
  const result = text.replace(/\$\{?(\w+)(?::-(\w+))?\}?/g, (_all, name: string, fallback?: string) => {
    const value =
      stage.env.findLast(one => one.name.value === name)?.value.value ??
      stage.chain.flatMap(one => one.args).findLast(one => one.name.value === name)?.value?.value ??
      fallback;
    if (!value) known = false;
    return value ?? '';
  });
  return known ? result.replace(/^(["'])(.*)\1$/, '$2') : undefined;
}
