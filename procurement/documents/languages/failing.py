"""What a page behind a private link says when it cannot be shown: title and text by HTTP status, and the way out."""
# ruff: noqa: RUF001 (other languages have other marks)

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    missing: tuple[str, str]  # 404
    changed: tuple[str, str]  # 409
    too_large: tuple[str, str]  # 413
    refused: tuple[str, str]  # 422
    too_often: tuple[str, str]  # 429
    broken: tuple[str, str]  # 500
    busy: tuple[str, str]  # 503
    unread: tuple[str, str]  # any other below 500
    start: str

    def of(self, status: int) -> tuple[str, str]:
        """Title and text."""
        known = {
            404: self.missing,
            409: self.changed,
            413: self.too_large,
            422: self.refused,
            429: self.too_often,
            503: self.busy,
        }
        return known.get(status, self.broken if status >= 500 else self.unread)


_GERMAN = Failing(
    missing=(
        "Hier ist nichts",
        "Die Adresse ist alt oder unvollständig. Öffnen Sie den Link noch einmal aus unserer Mail.",
    ),
    changed=(
        "Das hat sich inzwischen geändert",
        "Es wurde nichts überschrieben. Öffnen Sie die Seite noch einmal, um den jetzigen Stand zu sehen.",
    ),
    too_large=("Das ist zu groß", "Es wurde nichts gespeichert."),
    refused=(
        "Bitte noch einmal ansehen",
        "Etwas im Formular konnten wir nicht verwenden. Es wurde nichts geändert.",
    ),
    too_often=(
        "Bitte etwas langsamer",
        "Das waren sehr viele Versuche in kurzer Zeit. Bitte versuchen Sie es später noch einmal.",
    ),
    broken=(
        "Bei uns ist etwas schiefgegangen",
        "Es wurde nichts Halbes gespeichert. Bitte versuchen Sie es gleich noch einmal.",
    ),
    busy=("Gerade ausgelastet", "Bitte versuchen Sie es in ein paar Sekunden noch einmal."),
    unread=(
        "Das konnten wir nicht lesen",
        "Es wurde nichts geändert. Bitte versuchen Sie es noch einmal.",
    ),
    start="Zur Startseite",
)
_FRENCH = Failing(
    missing=(
        "Il n’y a rien ici",
        "L’adresse est ancienne ou incomplète. Ouvrez de nouveau le lien depuis notre message.",
    ),
    changed=(
        "Cela a changé entre-temps",
        "Rien n’a été remplacé. Ouvrez de nouveau la page pour voir l’état actuel.",
    ),
    too_large=("C’est trop volumineux", "Rien n’a été conservé."),
    refused=(
        "Merci de vérifier encore une fois",
        "Une donnée du formulaire n’a pas pu être utilisée. Rien n’a été modifié.",
    ),
    too_often=(
        "Un peu plus lentement, s’il vous plaît",
        "Il y a eu trop d’essais en peu de temps. Veuillez réessayer plus tard.",
    ),
    broken=(
        "Un problème est survenu chez nous",
        "Rien n’a été enregistré à moitié. Veuillez réessayer dans un instant.",
    ),
    busy=("Trop de demandes en ce moment", "Veuillez réessayer dans quelques secondes."),
    unread=("Nous n’avons pas pu lire cela", "Rien n’a été modifié. Veuillez réessayer."),
    start="Aller à l’accueil",
)
_SPANISH = Failing(
    missing=(
        "Aquí no hay nada",
        "La dirección es antigua o está incompleta. Abra de nuevo el enlace desde nuestro correo.",
    ),
    changed=(
        "Esto ha cambiado entretanto",
        "No se ha sobrescrito nada. Abra de nuevo la página para ver el estado actual.",
    ),
    too_large=("Es demasiado grande", "No se ha guardado nada."),
    refused=(
        "Revíselo otra vez, por favor",
        "Algo del formulario no se ha podido usar. No se ha cambiado nada.",
    ),
    too_often=(
        "Un poco más despacio, por favor",
        "Ha habido demasiados intentos en poco tiempo. Inténtelo de nuevo más tarde.",
    ),
    broken=(
        "Algo ha fallado por nuestra parte",
        "No se ha guardado nada a medias. Inténtelo de nuevo en un momento.",
    ),
    busy=("Ahora mismo hay mucha demanda", "Inténtelo de nuevo en unos segundos."),
    unread=("No hemos podido leerlo", "No se ha cambiado nada. Inténtelo de nuevo."),
    start="Ir al inicio",
)
_ITALIAN = Failing(
    missing=(
        "Qui non c’è nulla",
        "L’indirizzo è vecchio o incompleto. Apra di nuovo il link dal nostro messaggio.",
    ),
    changed=(
        "Nel frattempo è cambiato",
        "Nulla è stato sovrascritto. Apra di nuovo la pagina per vedere lo stato attuale.",
    ),
    too_large=("È troppo grande", "Nulla è stato salvato."),
    refused=(
        "Controlli ancora una volta",
        "Un dato del modulo non si è potuto usare. Nulla è stato modificato.",
    ),
    too_often=(
        "Un po’ più piano, per favore",
        "Ci sono stati troppi tentativi in poco tempo. Riprovi più tardi.",
    ),
    broken=(
        "Qualcosa è andato storto da noi",
        "Nulla è stato salvato a metà. Riprovi tra un momento.",
    ),
    busy=("Troppe richieste in questo momento", "Riprovi tra qualche secondo."),
    unread=("Non siamo riusciti a leggerlo", "Nulla è stato modificato. Riprovi."),
    start="Vai alla pagina iniziale",
)
_CHINESE = Failing(
    missing=("此处没有内容", "该地址已失效或不完整。请重新打开我们邮件中的链接。"),
    changed=("内容已经更改", "没有任何内容被覆盖。请重新打开页面查看当前状态。"),
    too_large=("文件过大", "没有保存任何内容。"),
    refused=("请再检查一遍", "表单中有内容无法使用。没有做任何更改。"),
    too_often=("请稍慢一些", "短时间内尝试次数过多。请稍后再试。"),
    broken=("我们这边出了问题", "没有保存不完整的内容。请稍后再试。"),
    busy=("系统繁忙", "请过几秒再试。"),
    unread=("无法读取请求", "没有做任何更改。请再试一次。"),
    start="返回首页",
)
# English pages say it in the words of every other page.
FAILING: Mapping[str, Failing] = {
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "zh": _CHINESE,
}


def failing_in(locale: str) -> Failing | None:
    """None: English, or a language nobody speaks here."""
    return FAILING.get(locale.replace("-", "_").partition("_")[0].lower())
