// Browsers keep this file for a month. The module itself comes from an address whose answers they ask for anew.
const { serverBaseUrl, realm } = JSON.parse(document.getElementById("environment").textContent);
const ui = `${serverBaseUrl.replace(/\/+$/, "")}/realms/${encodeURIComponent(realm)}/api-keys/ui`;
await import(`${ui}/admin-navigation.js`);
