// Leaves tokens where the front end looks for them, if it is this browser that has just signed in.
const told = new URLSearchParams(location.hash.slice(1));
const proof = document.cookie.split('; ').find((pair) => pair.startsWith('admin_oauth_done='))?.split('=')[1];
history.replaceState(null, '', location.pathname);
document.cookie = 'admin_oauth_done=; Max-Age=0; Path=/';
if (proof && proof === told.get('state')) {
  localStorage.setItem('admin_access_token', told.get('token'));
  localStorage.setItem('admin_refresh_token', told.get('refresh_token'));
}
location.replace(location.pathname.replace(/\/auth\/oauth\/signed-in\/?$/, '/'));
