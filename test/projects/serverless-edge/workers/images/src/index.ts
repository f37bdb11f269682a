import { placeholder } from './placeholder';

export interface Env {
  readonly IMAGES: R2Bucket;
  readonly HITS: KVNamespace;
  readonly MAX_AGE: string;
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    if (request.method !== 'GET') return new Response('Method Not Allowed', { status: 405 });
    const key = new URL(request.url).pathname.slice(1);
    const cached = await caches.default.match(request);
    if (cached) return cached;
    const image = await env.IMAGES.get(key);
    if (!image) return new Response(placeholder(), { status: 404, headers: { 'content-type': 'image/svg+xml' } });
    const response = new Response(image.body, { headers: { 'cache-control': `public, max-age=${env.MAX_AGE}` } });
    ctx.waitUntil(caches.default.put(request, response.clone()));
    ctx.waitUntil(env.HITS.put(key, String(Date.now())));
    return response;
  },
} satisfies ExportedHandler<Env>;
