// Browsers keep this file for a month. The page itself comes from an address whose answers they ask for anew.
const { serverBaseUrl, realm } = JSON.parse(document.getElementById("environment").textContent);
const page = `${serverBaseUrl.replace(/\/+$/, "")}/realms/${encodeURIComponent(realm)}/api-keys/ui/account-page.js`;
export default (await import(page)).default;
