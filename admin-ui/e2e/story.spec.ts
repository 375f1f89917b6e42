import { expect, test } from "./fixtures";

test("a customer asks for a person, and the answer comes back with blue ticks", async ({
  dashboard,
  support,
  phone,
}) => {
  await dashboard.visit();
  await phone.openChat();
  await phone.write("Chat Support");
  await phone.write("My parcel has not come");

  await expect(dashboard.alert).toContainText(/waits? for an answer/);
  await expect(dashboard.ticketOf(phone.customer.name)).toContainText("My parcel has not come");

  await dashboard.viewSupport();
  await support.open(phone.customer.name);
  await expect(support.said("My parcel has not come")).toBeVisible();
  await phone.lookAway();

  await support.answer("I am looking for it now");
  const answer = support.said("I am looking for it now");
  await expect(answer.getByTitle("Delivered")).toBeVisible();
  await expect(support.details.getByRole("button", { name: "In progress" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );

  await phone.openChat();
  await expect(phone.received("I am looking for it now")).toBeVisible();
  await expect(answer.getByTitle("Read", { exact: true })).toBeVisible();
  await expect(answer).toHaveCount(1);

  await phone.write("Thank you!");
  await expect(support.said("Thank you!")).toBeVisible();
});
