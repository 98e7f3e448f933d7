import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Writes `version.json`: a hash over the names of everything that was built. The names carry content hashes, so the same
 * sources give the same version and a wall that has been open for weeks can tell that it is old.
 */
function versionFile(): Plugin {
  return {
    name: 'atalaya-version-file',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const hash = createHash('sha256');
        for (const name of Object.keys(bundle).sort()) hash.update(`${name}\n`);
        const version = hash.digest('hex').slice(0, 16);
        this.emitFile({ type: 'asset', fileName: 'version.json', source: `${JSON.stringify({ version })}\n` });
      },
    },
  };
}

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react(), versionFile()],
  resolve: { alias: [{ find: /^#libs\/([a-z0-9-]+)$/, replacement: `${here('../../libs')}/$1/index.ts` }] },
  server: {
    port: 5173,
    proxy: { '/api': 'http://127.0.0.1:8080', '/socket.io': { target: 'ws://127.0.0.1:8080', ws: true } },
  },
  build: {
    outDir: here('../../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'video', test: /node_modules[\\/]hls\.js/ },
            { name: 'leaflet', test: /node_modules[\\/]leaflet[\\/]/ },
            { name: 'frame', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|zod|socket\.io|engine\.io)/ },
          ],
        },
      },
      input: {
        town: here('index.html'),
        dispatch: here('dispatch/index.html'),
        wall: here('wall/index.html'),
        cameras: here('cameras/index.html'),
        shifts: here('shifts/index.html'),
        admin: here('admin/index.html'),
        reports: here('reports/index.html'),
        replay: here('replay/index.html'),
        places: here('places/index.html'),
        units: here('units/index.html'),
      },
    },
  },
});
