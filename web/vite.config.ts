import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { FeatureCollection } from 'geojson';
import { feature } from 'topojson-client';
import { defineConfig, type Plugin } from 'vite';
import { boundariesOf } from './boundaries.ts';

/** The member whose server the development server speaks to. */
const server = process.env['DRUM_SERVER'] ?? 'http://localhost:4601';

/** Country outlines for orientation, from Natural Earth (public domain); an operator may put others in their place. */
function boundaries(): Plugin {
  const make = (): string => {
    const file = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
    const world: Parameters<typeof feature>[0] = JSON.parse(readFileSync(file, 'utf8'));
    return JSON.stringify(
      boundariesOf(feature(world, world.objects['countries'] as Parameters<typeof feature>[1]) as FeatureCollection),
    );
  };
  return {
    name: 'boundaries',
    configureServer: (dev) => {
      dev.middlewares.use('/boundaries.json', (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(make());
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'boundaries.json', source: make() });
    },
  };
}

/** Every text of the build compressed beside it, so that the server compresses nothing. From the disk: only there is it final. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle)) {
        const bytes = /\.(?:js|css|json|svg)$/.test(name) ? readFileSync(join(dir, name)) : Buffer.alloc(0);
        if (bytes.length < 1024) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

const proxied = Object.fromEntries(
  ['/v1', '/federation/v1', '/public', '/openapi.json'].map((path) => [path, { target: server, changeOrigin: false }]),
);

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), boundaries(), compressed()],
  server: { port: 5173, strictPort: true, proxy: proxied },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // What the first page needs anyway comes in one file: a browser opens six at a time.
        codeSplitting: { groups: [{ name: 'desk', tags: ['$initial'] }] },
      },
    },
  },
});
