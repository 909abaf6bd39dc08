/**
 * `<careconnect-resource>`: displays a resource, in a shadow root that the page's styles do not reach. Importing it defines
 * the element.
 *
 * The resource is its property `resource`, or the text of a `<script type="application/fhir+json">` (or `+xml`) in it. No
 * address of a resource is taken, so that nobody's data ends in an address. It works under a Content-Security-Policy of
 * `script-src 'self' 'wasm-unsafe-eval'`, and where Trusted Types are required with `trusted-types careconnect`.
 *
 * @example
 * import "careconnect/element";
 * const element = document.createElement("careconnect-resource");
 * element.resource = await response.text();
 * element.audience = "patient";
 * document.body.append(element);
 *
 * @module
 */

import type { Careconnect, Input, RenderOptions } from "./careconnect.js";
import type { CareconnectWorker } from "./worker.js";

export declare class CareconnectResource extends HTMLElement {
  /** What is displayed. Setting it displays it; what was being displayed before is dropped. */
  resource: Input | null | undefined;
  /**
   * What displays it. Without, the element loads careconnect itself, once for all elements that ask for the same `packs`,
   * and the packs that the resource needs.
   */
  careconnect: Careconnect | CareconnectWorker | Promise<Careconnect | CareconnectWorker> | undefined;
  /** The attribute `mode`, as in {@link RenderOptions}; empty for the default. */
  mode: NonNullable<RenderOptions["mode"]> | "";
  /** The attribute `view`, as in {@link RenderOptions}; empty for the default. */
  view: NonNullable<RenderOptions["view"]> | "";
  /** The attribute `audience`, as in {@link RenderOptions}; empty for the default. */
  audience: NonNullable<RenderOptions["audience"]> | "";
  /** The attribute `as-of`: the day for which ages are given. */
  asOf: string;
  /** The attribute `language`, as in `RenderOptions`. */
  language: string;
  /** The attribute `packs`: names with spaces or commas between them, or `all`; empty for the default. */
  packs: string;
}

/** The element's attributes and properties in JSX: those of its own, and what any element has. */
export interface CareconnectResourceAttributes {
  resource?: Input | null | undefined;
  careconnect?: CareconnectResource["careconnect"];
  mode?: CareconnectResource["mode"] | undefined;
  audience?: CareconnectResource["audience"] | undefined;
  "as-of"?: string | undefined;
  language?: string | undefined;
  packs?: string | undefined;
  id?: string | undefined;
  class?: string | undefined;
  className?: string | undefined;
  slot?: string | undefined;
  hidden?: boolean | undefined;
  lang?: string | undefined;
  style?: any;
  role?: string | undefined;
  children?: any;
  key?: any;
  ref?: any;
  [attribute: `data-${string}` | `aria-${string}` | `on${string}`]: unknown;
}

declare global {
  namespace JSX {
    interface IntrinsicElements {
      "careconnect-resource": CareconnectResourceAttributes;
    }
  }
  interface HTMLElementTagNameMap {
    "careconnect-resource": CareconnectResource;
  }
  interface HTMLElementEventMap {
    /** The resource is displayed. */
    "careconnect-display": CustomEvent<Record<string, never>>;
    /** It could not be, and the element says so to the reader. */
    "careconnect-error": CustomEvent<{ error: Error }>;
  }
}

// React from 18 on has its JSX in its module, and Preact too. Where there is none of them, there is nothing to add to.

// @ts-ignore
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "careconnect-resource": CareconnectResourceAttributes;
    }
  }
}

// @ts-ignore
declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "careconnect-resource": CareconnectResourceAttributes;
    }
  }
}
