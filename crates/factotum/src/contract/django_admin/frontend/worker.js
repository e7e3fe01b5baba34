// The service worker of the admin. The network is asked first, always; what it answered is kept only where its answer
// allows that, for the moments without a network, and nothing is kept longer than a session.
'use strict';

const mount = new URL('./', self.location.href).pathname;
const shelf = 'dar:v1:' + mount;

const empty = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('dar:')).map((name) => caches.delete(name)));
};

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(empty().then(() => self.clients.claim())));
self.addEventListener('message', (event) => {
  const isOwn = !event.origin || event.origin === self.location.origin;
  if (isOwn && event.data && event.data.type === 'dar:purge') event.waitUntil(empty());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith(mount)) return;
  event.respondWith(answer(event));
});

const mayKeep = (response) =>
  response.ok && response.type === 'basic' && !/no-store/i.test(response.headers.get('Cache-Control') || '');

async function answer(event) {
  let response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    const kept = await caches.match(event.request);
    if (kept) return kept;
    throw error;
  }
  if (mayKeep(response)) {
    const copy = response.clone();
    event.waitUntil(caches.open(shelf).then((cache) => cache.put(event.request, copy)));
  }
  return response;
}
