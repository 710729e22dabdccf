import type { Catalogue } from '../../graph/catalogue.ts';
import { BUILTIN_TYPES, type BuiltinType } from '../../graph/node-types/builtin-types.ts';
import { outputOf } from '../../graph/node-types/outputs.ts';
import { commentText, keyText, typeText } from './type-text.ts';

/** Containers have builders of their own, because they have bodies. */
const CONTAINERS: ReadonlySet<string> = new Set(['forEach', 'while', 'race', 'try', 'ai.agent']);

/** The types of the module `blok`, which `blok types` writes: those of the catalogue, and those that are always the same. */
export function declarationsText(catalogue: Catalogue): string {
  const builtin = [...BUILTIN_TYPES]
    .filter(([type]) => !CONTAINERS.has(type))
    .map(([type, facts]) => entryText(type, builtinEntry(type, facts, catalogue)));
  const effects = [...catalogue].map(([type, { title, input, output, ports }]) =>
    entryText(type, {
      description: title,
      with: typeText(input, '      '),
      output: type === 'workflow.run' ? 'any' : typeText(output, '      '),
      ports: ports ?? ['out'],
    }),
  );
  return `${HEAD}  /** What each node type takes and yields. */\n  export interface NodeTypes {\n${[...builtin, ...effects].join('')}  }\n${REST}`;
}

interface Entry {
  readonly description: string;
  readonly with: string;
  readonly output: string;
  /** Null: any. */
  readonly ports: readonly string[] | null;
}

function builtinEntry(type: string, facts: BuiltinType, catalogue: Catalogue): Entry {
  const output = outputOf({ uses: type }, catalogue);
  return {
    description: facts.description,
    with: typeText(facts.with, '      '),
    output: output === null ? 'any' : typeText(output, '      '),
    ports: facts.ports === 'computed' ? null : (facts.ports ?? ['out']),
  };
}

function entryText(type: string, { description, with: parameters, output, ports }: Entry): string {
  const names = ports === null ? 'string' : ports.map((port) => JSON.stringify(port)).join(' | ') || 'never';
  return `${commentText({ description }, '    ')}    ${keyText(type)}: {\n      with: ${parameters};\n      output: ${output};\n      ports: ${names};\n    };\n`;
}

const HEAD = `// Written by \`blok types\`. Do not edit: run it again when node types change.
// Graphs in TypeScript: docs/typescript.md.

declare module 'blok' {
  /** A value of the type T that is known only when the graph runs. */
  export interface Expr<T> {
    readonly __value?: T;
  }
  /** A reference to a value of a run. Its fields are references, too. */
  export type Ref<T> = IsAny<T> extends true ? any : Expr<T> & Fields<T>;
  type IsAny<T> = 0 extends 1 & T ? true : false;
  type Fields<T> =
    NonNullable<T> extends readonly (infer E)[]
      ? { readonly [index: number]: Ref<E>; readonly length: Ref<number> }
      : NonNullable<T> extends object
        ? { readonly [K in keyof NonNullable<T>]-?: Ref<NonNullable<T>[K]> }
        : unknown;
  /** What can stand where a value of the type T is wanted: the value, an expression, or a value with expressions in it. */
  export type Given<T> = IsAny<T> extends true
    ? unknown
    : T extends readonly (infer E)[]
      ? readonly Given<E>[] | Expr<T>
      : T extends object
        ? { readonly [K in keyof T]: Given<T[K]> } | Expr<T>
        : T | Expr<T>;

  /** An expression: \`expr\\\`\${price.output.body} > 5\\\`\`. What stands between references is not checked by TypeScript. */
  export function expr<T = any>(parts: TemplateStringsArray, ...values: unknown[]): Expr<T>;
  /** A text with values of a run in it: \`text\\\`Hello, \${input.name}!\\\`\`. */
  export function text(parts: TemplateStringsArray, ...values: (Expr<any> | string | number | boolean)[]): string;
  /** The same reference, whose next field is read with \`?.\`, because it may be null. */
  export function maybe<T>(value: Ref<T>): Ref<T>;
  /** The element that a data node such as \`filter\` looks at. */
  export const item: Ref<any>;
  /** Its number, from 0. */
  export const index: Ref<number>;

`;

const REST = `
  /** A link from a port of a node. */
  export interface Link {
    readonly link: string;
  }
  /** A node that has been defined. */
  export interface Handle<Output = any, Port extends string = string> extends Link {
    readonly id: string;
    /** \`nodes.<id>\` */
    readonly output: Ref<Output>;
    /** \`errors.<id>\` */
    readonly error: Ref<RunError>;
    on(port: Port | 'error' | 'timeout'): Link;
  }
  export interface RunError {
    code: string;
    message: string;
    step: string;
    node: string;
    attempts: number;
    unknown: boolean;
    details?: any;
  }
  export interface Retry {
    maxAttempts?: number;
    delay?: string;
    factor?: number;
    maxDelay?: string;
    attemptTimeout?: string;
    giveUpOn?: readonly string[];
  }
  type With<K extends keyof NodeTypes> = {} extends NodeTypes[K]['with']
    ? { with?: Given<NodeTypes[K]['with']> }
    : { with: Given<NodeTypes[K]['with']> };
  /** A node inside \`compensate\` or \`notify\`. */
  export type Inline = {
    [K in keyof NodeTypes]: { uses: K; connection?: string; retry?: Retry; timeout?: string } & With<K>;
  }[keyof NodeTypes];
  /** What every node may have. Links: nodes, their ports by \`on\`, or texts. */
  export interface Common {
    needs?: readonly (Link | string)[];
    join?: 'any' | 'all';
    if?: Given<boolean | null>;
    connection?: string;
    retry?: Retry;
    timeout?: string;
    onError?: 'fail' | 'continue';
    compensate?: Inline;
    notify?: Inline;
    dispatch?: 'task' | 'local';
    priority?: 1 | 2 | 3 | 4 | 5;
    label?: string;
    notes?: unknown;
    position?: unknown;
    meta?: unknown;
  }
  export type NodeSpec<K extends keyof NodeTypes> = { uses: K } & Common & With<K>;

  /** The inside of a graph or of a container: adds nodes, and names what is in scope. What it returns is the output. */
  export interface Body<Input = any, Vars = any> {
    readonly input: Ref<Input>;
    readonly vars: Ref<Vars>;
    readonly trigger: Ref<any>;
    readonly run: Ref<{ id: string; startedAt: string; workflow: string; version: number | null; url: string }>;
    readonly now: Ref<string>;
    node<K extends keyof NodeTypes>(
      id: string,
      node: NodeSpec<K>,
    ): Handle<NodeTypes[K]['output'], NodeTypes[K]['ports']>;
    forEach<Item = any>(
      id: string,
      node: Common & {
        with: {
          items: Expr<Item[]> | readonly Given<Item>[];
          concurrency?: Given<number>;
          batch?: Given<number>;
          onItemError?: 'fail' | 'continue';
        };
      },
      body: (body: Body<Input, Vars> & { readonly item: Ref<Item>; readonly index: Ref<number> }) => unknown,
    ): Handle<{ results: any[]; errors: { index: number; error: RunError }[]; count: number }, 'out'>;
    while<State = any>(
      id: string,
      node: Common & { with: { state?: Given<State>; test: Given<boolean | null>; max?: Given<number> | 'unlimited' } },
      body: (body: Body<Input, Vars> & { readonly state: Ref<State>; readonly index: Ref<number> }) => unknown,
    ): Handle<State, 'out'>;
    race(id: string, node: Common, body: (body: Body<Input, Vars>) => void): Handle<{ winner: string; output: any }>;
    /** Each node of the body is a tool, described under \`with.tools\`; \`item\` is the call. */
    agent<Output = any>(
      id: string,
      node: Common & { with: AgentWith },
      body: (body: Body<Input, Vars> & { readonly item: Ref<ToolCall> }) => void,
    ): Handle<AgentAnswer<Output>, 'out'>;
    try(
      id: string,
      node: Common,
      body: (body: Body<Input, Vars>) => unknown,
      lanes: {
        catch?: {
          if?: Given<boolean | null>;
          body: (body: Body<Input, Vars> & { readonly error: Ref<RunError> }) => unknown;
        };
        finally?: (body: Body<Input, Vars> & { readonly error: Ref<RunError | null> }) => void;
      },
    ): Handle<any, 'out'>;
  }

  /** A model calls a tool. */
  export interface ToolCall {
    id: string;
    name: string;
    args: any;
    turn: number;
  }
  export interface AgentAnswer<Output> {
    output: Output;
    text: string;
    turns: number;
    usage: { input: number; cacheRead: number; cacheWrite: number; output: number; reasoning: number };
    cost: string | null;
  }
  export interface AgentTool {
    description: string;
    /** JSON Schema of the arguments. */
    parameters?: object;
    approval?: {
      to: Given<readonly string[]>;
      title: Given<string>;
      message?: Given<string>;
      form?: object;
      timeout?: string;
      notify?: Inline;
    };
  }
  export interface AgentWith {
    model: Given<string>;
    instructions?: Given<string>;
    input: unknown;
    /** JSON Schema of the answer. */
    output?: object;
    maxTurns?: Given<number>;
    maxTokens?: Given<number>;
    maxCost?: Given<number>;
    maxOutputTokens?: Given<number>;
    temperature?: Given<number>;
    reasoning?: Given<'none' | 'low' | 'medium' | 'high'>;
    background?: Given<boolean>;
    concurrency?: number;
    tools?: { readonly [name: string]: AgentTool };
    mcp?: readonly {
      name?: string;
      url: Given<string>;
      connection?: string;
      tools: readonly (string | { name: string; sha256?: string })[];
    }[];
  }

  export interface Trigger {
    uses: string;
    with?: { readonly [name: string]: unknown };
    connection?: string;
    if?: Given<boolean | null>;
    input?: unknown;
    keepDeclined?: boolean;
    label?: string;
  }
  /** A graph except for its nodes and its output. */
  export interface Head<Vars> {
    name: string;
    label?: string;
    description?: string;
    /** JSON Schema of the input. */
    input?: object;
    vars?: Vars;
    triggers?: { readonly [id: string]: Trigger };
    timeout?: string;
    onFailure?: string;
    concurrency?: { key?: unknown; limit: number; onLimit?: 'queue' | 'drop' | 'cancelOldest' };
    rateLimit?: { key?: unknown; limit: number; per: string; onLimit?: 'queue' | 'drop' };
    debounce?: { key?: unknown; quiet: string; atMost?: string };
    batch?: { key?: unknown; size: number; within: string };
    priority?: Given<number>;
    execution?: 'auto' | 'durable';
    notes?: { readonly [id: string]: unknown };
    meta?: unknown;
  }
  /** A graph as a document. */
  export interface Graph {
    readonly blok: 1;
  }
  /** Defines a graph. \`Input\` is the type of its input: its JSON Schema is \`input\`. */
  export function defineGraph<Input = any, Vars extends object = {}>(
    head: Head<Vars>,
    build: (body: Body<Input, Vars>) => unknown,
  ): Graph;
}
`;
