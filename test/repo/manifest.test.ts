import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { DEFAULT_SETTINGS, toSettings } from '../../src/lsp/settings.ts';

const root = path.join(import.meta.dirname, '../..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;

interface Property {
  readonly default: unknown;
  readonly scope: string;
  readonly tags?: readonly string[];
  readonly markdownDescription: string;
}
const properties: Record<string, Property> = Object.assign(
  {},
  ...contributes.configuration.map((each: { properties: object }) => each.properties),
);
const sources = fs
  .globSync('src/vscode/**/*.{ts,tsx}', { cwd: root })
  .map(file => fs.readFileSync(path.join(root, file), 'utf8'))
  .join('\n');

describe('the manifest', () => {
  it('starts with a language or a manifest file, never with everything', () => {
    for (const event of manifest.activationEvents) assert.match(event, /^(?:onLanguage|workspaceContains):/);
  });

  it('declares the commands that the sources register, all in one category', () => {
    const commands: { command: string; title: string; category: string }[] = contributes.commands;
    for (const { command, title, category } of commands) {
      assert.equal(category, 'Underpin');
      assert.match(title, /^[A-Z]/);
      const name = command.replace('underpin.', '');
      assert.match(
        sources,
        new RegExp(`(?:async ${name}\\(|\\b${name}[:,]|\\b${name} \\})`),
        `${command} is registered`,
      );
    }
  });

  it('hides every command where it makes no sense', () => {
    const hidden = new Map(
      contributes.menus.commandPalette.map((each: { command: string; when: string }) => [each.command, each.when]),
    );
    for (const { command } of contributes.commands)
      assert.ok(hidden.get(command), `${command} has a condition in the palette`);
  });

  it('refers to declared commands and views only', () => {
    const commands = new Set(contributes.commands.map(({ command }: { command: string }) => command));
    const views = new Set(contributes.views.underpin.map(({ id }: { id: string }) => id));
    const text = JSON.stringify(contributes);
    for (const [, id = ''] of text.matchAll(/command:(underpin\.[\w.]+)/g)) {
      assert.ok(commands.has(id) || views.has(id.replace(/\.focus$/, '')), id);
    }
    for (const [, id = ''] of text.matchAll(/"view":"(\w+\.\w+)"/g)) assert.ok(views.has(id), id);
    for (const [, id = ''] of text.matchAll(/view == (\w+\.\w+)/g)) assert.ok(views.has(id), id);
  });

  it('has the defaults of the code', () => {
    const nested: Record<string, unknown> = {};
    for (const [name, { default: preset }] of Object.entries(properties)) {
      const [, ...keys] = name.split('.');
      let target = nested;
      for (const key of keys.slice(0, -1)) {
        const inner = (target[key] ?? {}) as Record<string, unknown>;
        target[key] = inner;
        target = inner;
      }
      target[keys.at(-1) ?? ''] = preset;
    }
    const { server, ...read } = nested;
    assert.deepEqual(read, DEFAULT_SETTINGS);
    assert.deepEqual(toSettings(nested), DEFAULT_SETTINGS, 'the reader accepts each of them');
    const { maximumMemory } = server as { maximumMemory: number };
    assert.match(sources, new RegExp(`'server\\.maximumMemory', ${maximumMemory}\\)`));
  });

  it('gives every setting a scope and a description, and marks those that go online', () => {
    for (const [name, { scope, markdownDescription, tags }] of Object.entries(properties)) {
      assert.match(scope, /^(?:resource|machine|machine-overridable)$/, name);
      assert.match(markdownDescription, /[.)]$/, name);
      assert.equal(tags?.includes('usesOnlineServices') ?? false, name.startsWith('underpin.ai.'), name);
    }
  });

  it('keeps AI settings out of reach of folders that nobody trusts', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces.supported, 'limited');
    assert.equal(virtualWorkspaces.supported, 'limited');
    for (const name of untrustedWorkspaces.restrictedConfigurations) assert.ok(properties[name], name);
    for (const name of ['provider', 'baseUrl', 'model']) {
      assert.ok(untrustedWorkspaces.restrictedConfigurations.includes(`underpin.ai.${name}`));
    }
  });

  it('names files that exist', () => {
    const files = [
      manifest.icon,
      contributes.viewsContainers.activitybar[0].icon,
      ...contributes.jsonValidation.map(({ url }: { url: string }) => url),
      ...contributes.walkthroughs.flatMap(({ steps }: { steps: { media: { svg: string } }[] }) =>
        steps.map(step => step.media.svg),
      ),
    ];
    for (const file of files) assert.ok(fs.existsSync(path.join(root, file)), file);
  });

  it('offers one walkthrough of four to five steps with art that follows the theme', () => {
    assert.equal(contributes.walkthroughs.length, 1);
    const { steps } = contributes.walkthroughs[0];
    assert.ok(steps.length >= 4 && steps.length <= 5);
    for (const { media, completionEvents } of steps) {
      assert.ok(completionEvents.length > 0);
      assert.match(fs.readFileSync(path.join(root, media.svg), 'utf8'), /var\(--vscode-/);
    }
  });
});
