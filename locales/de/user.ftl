### Das Profil, die Sitzungen und wie die Seiten sind.

your-profile = Ihr Profil
username = Benutzername
sign-in-name = Anmeldename
email = E-Mail
email-verified = (bestätigt)
email-not-verified = (nicht bestätigt)
first-name = Vorname
last-name = Nachname
role = Rolle
role-via = (über { $organisation })
role-checked = von Ihrem Anmeldedienst, geprüft am { $time }
my-polls = Meine Abstimmungen
no-poll-asked = Bisher hat keine Abstimmung Sie gefragt.
use-another-account = Anderes Konto verwenden
not-signed-in = Sie sind nicht angemeldet.

## Sitzungen

where-signed-in = Wo Sie angemeldet sind
session-browser = Browser
session-started = Angemeldet
session-last-seen = Zuletzt benutzt
session-end-column = Beenden
session-this-browser = Dieser Browser
session-end = Diese Sitzung beenden<span class="visually-hidden">: { $browser }, zuletzt benutzt am { $seen }</span>
end-other-sessions = Alle anderen Sitzungen beenden
signed-in-nowhere-else = Sie sind nirgendwo sonst angemeldet.
browser-on = { $browser } auf { $system }
browser-unknown-on = Ein Browser auf { $system }
browser-unknown = Ein unbekannter Browser
program-called = Das Programm { $name }
program-unknown = Ein Programm
session-ended = Diese Sitzung ist beendet. Ihr Browser ist abgemeldet.
session-had-ended = Diese Sitzung war schon beendet.
other-sessions-ended = { $count ->
    [0] Es gab keine andere Sitzung.
    [1] Ihre andere Sitzung ist beendet. Der Browser dort ist abgemeldet.
   *[other] Ihre { $count } anderen Sitzungen sind beendet. Die Browser dort sind abgemeldet.
}

## Wie die Seiten sind

preferences = Wie Sie die Seiten möchten
language = Sprache
language-auto = Wie mein Browser es wünscht
zone = Zeitzone
zone-hint = Die Zeiten einer Abstimmung stehen in deren Zeitzone da, und daneben in Ihrer.
zone-auto = UTC und die der jeweiligen Abstimmung
theme = Farben
theme-auto = Wie mein Gerät eingestellt ist
theme-light = Hell
theme-dark = Dunkel
preferences-save = Speichern

## Token für Programme

tokens-title = Token für Ihre Programme
tokens-lede = Ein Programm, das einen dieser Token sendet, handelt für Sie. Es darf nie mehr als Sie selbst, und es hört auf, wenn Sie sich sieben Tage lang nicht angemeldet haben.
tokens-none = Sie haben keinen Token angelegt.
my-data = Herunterladen, was diese Website über Sie speichert
my-data-hint = Ihr Profil, Ihre Sitzungen, Anmeldungen und die Abstimmungen, die sich an Sie richten, als JSON.
tokens-link = Token für Ihre Programme
token-made = Hier ist Ihr Token
token-shown-once = Kopieren Sie ihn jetzt: Er wird nicht noch einmal gezeigt.
token-name = Name
token-name-hint = Damit Sie ihn wiedererkennen, in höchstens { $most } Zeichen.
token-role = Er darf so viel wie
token-expires = Endet
token-expired = Zu Ende seit { $time }
token-used = Zuletzt benutzt
token-never-used = Nie
token-end-column = Beenden
token-end = Diesen Token beenden<span class="visually-hidden">: { $name }</span>
token-make-title = Einen Token anlegen
token-make = Token anlegen
token-days = Er gilt
token-for-days = { $count } Tage
token-ended = Dieser Token ist beendet. Programme, die ihn haben, werden von nun an abgewiesen.
token-had-ended = Dieser Token war schon beendet.
token-needs-name = Geben Sie dem Token einen Namen.
token-name-too-long = Der Name ist zu lang.
token-name-taken = Sie haben schon einen Token mit diesem Namen. Wählen Sie einen anderen, oder beenden Sie jenen zuerst.
token-too-many = Sie haben so viele Token, wie man haben kann. Beenden Sie einen, den Sie nicht mehr brauchen.
token-not-offered = Wählen Sie aus den Listen, wie lange er gilt und was er darf.
