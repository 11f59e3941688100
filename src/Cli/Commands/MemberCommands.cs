using System.CommandLine;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Cli.Commands;

internal static class MemberCommands
{
    public static void AddTo(CommandLine line)
    {
        var members = line.Group("members", "Persons of a tenant, by the name that the token issuer gives them");
        var subject = Given.Id("subject", "The person's name at the issuer");
        line.Add(members, new Command("list", "All members"), async (call, cancellationToken) => await call.Terminal.ShowAsync(
            call.Client.Members.ListAsync(await call.TenantAsync(cancellationToken), cancellationToken),
            int.MaxValue,
            ContractJson.Default.MemberView,
            ["SUBJECT", "ROLE", "ADDED", "NAME"],
            member => [member.Subject, member.Role, Terminal.Time(member.AddedAt), member.Name]));

        var role = new Option<string>("--role") { Description = "owner, admin, developer or viewer", Required = true };
        var name = new Option<string>("--name") { Description = "To be shown" };
        line.Add(members, new Command("set", "Add a person, or change the one that is there") { subject, role, name }, async (call, cancellationToken) =>
        {
            var member = await call.Client.Members.PutAsync(
                await call.TenantAsync(cancellationToken), call.Value(subject), new MemberRequest(call.Value(role)!, call.Value(name)), cancellationToken);
            call.Terminal.Show(member, ContractJson.Default.MemberView, ("subject", member.Subject), ("role", member.Role), ("name", member.Name));
        });
        line.Add(members, new Command("remove", "Take a person out") { subject }, async (call, cancellationToken) =>
            await call.Client.Members.RemoveAsync(await call.TenantAsync(cancellationToken), call.Value(subject), cancellationToken));
    }
}
