import type { Located, Setting, TextRange } from '../document.ts';
import type { ArtefactBase } from './base.ts';

export interface OpenApiFacts extends ArtefactBase {
  readonly kind: 'openapi';
  /** `2.0`, `3.0.3`, `3.1.0` … as written. */
  readonly version: Located;
  readonly title?: Setting;
  readonly servers: readonly (TextRange & {
    readonly url: Setting;
    /** The path part of the URL with variables at their defaults, without a trailing slash; '' for the root. */
    readonly basePath?: string;
  })[];
  readonly operations: readonly ApiOperation[];
  readonly securitySchemes: readonly ApiSecurityScheme[];
  /** The root `security`; absent means none is stated, an empty list means explicitly open. */
  readonly security?: readonly ApiSecurityRequirement[];
  /** Where the `paths` map is, for insertions. */
  readonly paths?: TextRange;
  /** Some `$ref` points outside of the file or nowhere, so that operations can be incomplete. */
  readonly unresolvedRefs: number;
}

export interface ApiOperation extends TextRange {
  /** Upper case. */
  readonly method: Located;
  readonly path: Located;
  readonly operationId?: Setting;
  readonly summary?: Setting;
  readonly deprecated: boolean;
  readonly internal: boolean;
  readonly tags: readonly Setting[];
  readonly security?: readonly ApiSecurityRequirement[];
  readonly parameters: readonly ApiParameter[];
  readonly requestBody?: TextRange & {
    readonly required: boolean;
    readonly contentTypes: readonly string[];
    /** The `$ref` that the schema of the JSON content is written as. */
    readonly schemaRef?: string;
    /** Of that schema if it is an object in this file. */
    readonly properties: readonly {
      readonly name: string;
      readonly required: boolean;
      /** Where it is stated beside the name; what a reference stands for is not looked up. */
      readonly type?: Setting;
    }[];
    /** It is put together of other schemas, which may add to the properties. */
    readonly composed?: true;
  };
  readonly responses: readonly Located[];
}

export interface ApiParameter extends TextRange {
  readonly name: Setting;
  readonly in: string;
  readonly required: boolean;
  readonly type?: Setting;
}

export interface ApiSecurityScheme extends TextRange {
  readonly name: Located;
  readonly type?: Setting;
  readonly scheme?: Setting;
  readonly in?: Setting;
  readonly parameterName?: Setting;
}

/** Schemes that must hold together; no scheme at all means anonymous access is allowed. */
export interface ApiSecurityRequirement extends TextRange {
  readonly schemes: readonly string[];
}

export interface GraphqlFacts extends ArtefactBase {
  readonly kind: 'graphql-sdl';
  readonly query: string;
  readonly mutation: string;
  readonly subscription: string;
  readonly types: readonly GraphqlType[];
  readonly directives: readonly Located[];
}

export interface GraphqlType extends TextRange {
  readonly name: Located;
  readonly type: 'object' | 'interface' | 'input' | 'enum' | 'union' | 'scalar';
  readonly extension: boolean;
  readonly interfaces: readonly string[];
  readonly directives: readonly GraphqlDirective[];
  readonly fields: readonly GraphqlField[];
  /** Members of a union or values of an enum. */
  readonly members: readonly Located[];
}

export interface GraphqlField extends TextRange {
  readonly name: Located;
  /** The innermost named type. */
  readonly typeName: string;
  readonly list: boolean;
  readonly nonNull: boolean;
  readonly args: readonly {
    readonly name: Located;
    readonly typeName: string;
    readonly list: boolean;
    readonly nonNull: boolean;
  }[];
  readonly directives: readonly GraphqlDirective[];
  /** Whether the field's type can reach the owner again within this file. */
  readonly recursive: boolean;
}

export interface GraphqlDirective extends TextRange {
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly text: string }[];
}
