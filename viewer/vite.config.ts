import { defineConfig } from 'vite';

/** `vite` alone serves the sources against a running collector: VIEWER_API says where it is. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2024', modulePreload: { polyfill: false } },
  server: { proxy: { '/api': process.env['VIEWER_API'] ?? 'http://127.0.0.1:16686' } },
});
