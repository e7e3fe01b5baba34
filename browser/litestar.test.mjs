// Litestar's front end: what somebody does who signed in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { LITESTAR, row, stage, until } from './kit.mjs';

const { flow } = stage({ frontend: LITESTAR });

const title = (page, name) => page.getByRole('heading', { name, level: 1 });
const dialog = (page) => page.getByRole('dialog');

/** The texts of the column with a heading, as the table shows it. */
async function column(page, heading) {
  const at = (await page.getByRole('columnheader').allInnerTexts()).findIndex((text) => text.trim() === heading);
  const cells = page.getByRole('row').getByRole('cell').and(page.locator(`:nth-child(${at + 1})`));
  return cells.allInnerTexts();
}

/** The page throws what it has just shown beside the field. */
function refused(watch, request, words) {
  watch.expects(new RegExp(`^422 ${request}$`), new RegExp(`^error: .*${words}`));
}

flow('the dashboard counts rows', async ({ page, go, rows }) => {
  await go('');
  await title(page, 'Dashboard').waitFor();
  const main = page.getByRole('main');
  await main.getByText('10 registered models').waitFor();
  const tables = ['category', 'tag', 'supplier', 'product', 'productimage', 'customer', 'order', 'orderline', 'setting',
    'activitylog'];
  const [counts] = rows(`select ${tables.map((name) => `(select count(*) from shop_${name})`)}`);
  const total = counts.reduce((sum, count) => sum + count, 0).toLocaleString('en-US');
  await main.getByText(total, { exact: true }).waitFor();
  const product = main.getByRole('link').filter({ has: page.getByRole('heading', { name: 'Product', exact: true }) });
  await product.getByText(String(counts[3]), { exact: true }).waitFor();
});

flow('a list is searched, sorted and paged', async ({ page, go, rows }) => {
  await go('models/product');
  await page.getByText('200 records').waitFor();
  await page.getByRole('searchbox').fill('anvil');
  await page.getByText('20 records').waitFor();
  const dearest = rows(`select sku from shop_product where name like '%anvil%' order by price desc`).flat();
  await page.getByRole('columnheader', { name: /^Price/ }).click();
  await page.getByRole('columnheader', { name: /^Price, sorted ascending/ }).click();
  await until(async () => assert.deepEqual(await column(page, 'Sku'), dearest.slice(0, 10)));
  await page.getByRole('button', { name: 'Next page' }).click();
  await until(async () => assert.deepEqual(await column(page, 'Sku'), dearest.slice(10, 20)));
});

flow('a row is made', async ({ page, go, watch, rows }) => {
  refused(watch, 'POST /admin/api/models/product', 'sku already exists');
  await go('models/product');
  await page.getByRole('button', { name: 'Create Product' }).click();
  await title(page, 'Create Product').waitFor();
  await page.getByRole('combobox').first().click();
  await page.getByRole('combobox').first().pressSequentially('gard');
  await page.getByRole('option', { name: 'Garden' }).click();
  await page.getByLabel('Name').fill('Kite');
  await page.getByLabel('Price').fill('12.5');
  await page.getByLabel('Cost').fill('7.25');
  await page.getByLabel('Released On').fill('2024-02-01');
  await page.getByLabel('Sku').fill('ANV-0000');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('sku already exists').waitFor();
  await page.getByLabel('Sku').fill('KIT-0001');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await title(page, 'Kite').waitFor();
  const found = rows(`select p.name, c.name, price, cost, released_on, weight from shop_product p
    join shop_category c on c.id = p.category_id where sku = 'KIT-0001'`);
  assert.deepEqual(found, [['Kite', 'Garden', 12.5, 7.25, '2024-02-01', null]]);
});

flow('a row is changed, after a value that cannot be', async ({ page, go, watch, rows }) => {
  const others = () => rows(`select price, cost, stock, weight, released_on, attributes, warranty, description
    from shop_product where id = 2`);
  const before = others();
  refused(watch, 'PUT /admin/api/models/product/2', 'sku already exists');
  await go('models/product?search=ANV-0001');
  await row(page, 'Brisk Anvil').getByRole('button', { name: 'View record' }).click();
  await title(page, 'Brisk Anvil').waitFor();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Name').fill('Brisk Anvil II');
  await page.getByLabel('Sku').fill('ANV-0000');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByText('sku already exists', { exact: true }).waitFor();
  assert.deepEqual(rows('select sku from shop_product where id = 2'), [['ANV-0001']]);
  await page.getByLabel('Sku').fill('ANV-9001');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByText('Record Updated').waitFor();
  await title(page, 'Brisk Anvil II').waitFor();
  assert.deepEqual(rows('select name, sku from shop_product where id = 2'), [['Brisk Anvil II', 'ANV-9001']]);
  assert.deepEqual(others(), before, 'the form sends all columns back as they were');
});

flow('a row is found by a key that is not called id', async ({ page, go, rows }) => {
  const [[number]] = rows('select number from shop_order order by number limit 1');
  await go('models/order?search=' + number);
  await row(page, number).getByRole('button', { name: 'View record' }).click();
  await page.waitForURL(`**/models/order/${number}`);
  await page.getByRole('main').getByText(number, { exact: true }).first().waitFor();
});

flow('rows are deleted, alone and together', async ({ page, go, rows }) => {
  const left = () => rows('select count(*) from shop_tag')[0][0];
  const before = left();
  await go('models/tag');
  await row(page, 'vintage').getByRole('button', { name: 'Delete record' }).click();
  await dialog(page).getByText('Are you sure you want to delete "vintage"?').waitFor();
  await dialog(page).getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('Record Deleted').waitFor();
  await row(page, 'vintage').waitFor({ state: 'detached' });
  for (const name of ['outdoor', 'gift']) await row(page, name).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Delete Selected' }).click();
  await dialog(page).getByRole('button', { name: 'Delete 2 Records' }).click();
  await page.getByText('Successfully deleted 2 records.').waitFor();
  await row(page, 'outdoor').waitFor({ state: 'detached' });
  assert.equal(left(), before - 3);
});

flow('a row that others need stays', async ({ page, go, watch, rows }) => {
  watch.expects(/^409 DELETE \/admin\/api\/models\/category\/1$/);
  await go('models/category/1');
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog(page).getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('is still referenced').waitFor();
  assert.deepEqual(rows('select count(*) from shop_category where id = 1'), [[1]]);
});

flow('rows are exported, all and chosen ones', async ({ page, go, rows }) => {
  const names = rows('select name from shop_supplier order by name').flat();
  const exported = async (button) => {
    const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };
  await go('models/supplier');
  const menu = page.getByRole('button', { name: 'Export', exact: true });
  await row(page, names[0]).waitFor();
  await menu.click();
  const csv = await exported(page.getByRole('button', { name: 'Export as CSV' }));
  assert.match(csv.name, /^supplier-export-.*\.csv$/);
  for (const name of names) assert.ok(csv.text.includes(name), name);
  await menu.click();
  const json = await exported(page.getByRole('button', { name: 'Export as JSON' }));
  assert.deepEqual(JSON.parse(json.text).map((one) => one.name).sort(), [...names].sort());
  await row(page, names[1]).getByRole('checkbox').check();
  const chosen = await exported(page.getByRole('button', { name: 'Export Selected' }));
  assert.deepEqual(names.filter((name) => chosen.text.includes(name)), [names[1]]);
});

flow('people are listed, made and locked out', async ({ page, go, rows }) => {
  await go('users');
  for (const name of ['root', 'admin', 'editor', 'viewer']) await row(page, `${name}@example.com`).waitFor();
  await page.getByRole('button', { name: 'New User' }).click();
  await page.getByLabel('Email').fill('new@example.com');
  for (const name of ['Password', 'Confirm Password']) {
    await page.getByRole('textbox', { name: `${name} (required)`, exact: true }).fill('battery-staple-7');
  }
  await page.getByRole('button', { name: 'Create User' }).click();
  await page.getByText('Account Details').waitFor();
  await page.getByRole('link', { name: 'Back to Users' }).click();
  const made = row(page, 'new@example.com');
  await made.getByRole('button', { name: 'Actions' }).click();
  await made.getByRole('button', { name: 'Deactivate' }).click();
  await made.getByText('Inactive').waitFor();
  const found = rows('select is_active, is_superuser from admin_users where email = ?', 'new@example.com');
  assert.deepEqual(found, [[0, 0]]);
});

flow('the audit page tells who did what', async ({ page, go }) => {
  await go('models/category/2');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Position').fill('77');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByText('Record Updated').waitFor();
  await go('audit');
  await title(page, 'Audit Log').waitFor();
  const told = page.getByRole('row', { name: /Update category 2 root@example\.com/ });
  await told.getByText('1 field changed').click();
  await told.getByText('"new": 77').waitFor();
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByPlaceholder('Search...', { exact: true }).fill('no such thing');
  await page.getByText('No Matching Entries').waitFor();
});

flow('views that are no models are drawn', async ({ page, go }) => {
  await go('custom/notes');
  await row(page, 'Note 2').waitFor();
  await go('pages/help');
  await page.getByText('Ask root.').waitFor();
  await go('embeds/chart');
  await page.getByText('SalesChart').waitFor();
  await go('actions/reindex');
  await page.getByLabel('Scope').selectOption('all');
  await page.getByRole('button', { name: 'Execute' }).click();
  await dialog(page).getByText('Rebuild the index?').waitFor();
  await dialog(page).getByRole('button', { name: 'Execute' }).click();
  await page.getByText('Reindexed all').first().waitFor();
});
