package io.apikeys.keycloak.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which stored keys are understood, and what is written of them when they are changed. */
class CredentialDataFormatTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The first form.
                "{'hint':'h','enabled':true}                             | {'v':1,'hint':'h','enabled':true}",
                "{'hint':'h','expiresAt':null,'enabled':true}            | {'v':1,'hint':'h','enabled':true}",
                "{'hint':'h','expiresAt':'2030-01-01T00:00:00Z','enabled':true,'metadata':{'a':1}}"
                        + "| {'v':1,'hint':'h','expiresAt':'2030-01-01T00:00:00Z','enabled':true,'metadata':{'a':1}}",
                "{'hint':'h','enabled':true,'restrictions':{'scopes':[]}}"
                        + "| {'v':1,'hint':'h','enabled':true,'restrictions':{'scopes':[]}}",
                "{'hint':'h','enabled':false}"
                        + "| {'v':1,'crit':['disabledBy'],'hint':'h','enabled':false,'disabledBy':'administrator'}",
                // The present one.
                "{'v':1,'hint':'h','enabled':true}                       | {'v':1,'hint':'h','enabled':true}",
                "{'v':1,'crit':['disabledBy'],'hint':'h','enabled':false,'disabledBy':'holder'}"
                        + "| {'v':1,'crit':['disabledBy'],'hint':'h','enabled':false,'disabledBy':'holder'}",
                "{'v':1,'hint':'h','enabled':false,'disabledBy':'holder'}"
                        + "| {'v':1,'crit':['disabledBy'],'hint':'h','enabled':false,'disabledBy':'holder'}",
                "{'v':1,'crit':['restrictedAt'],'hint':'h','enabled':true,'restrictedAt':'2030-01-01T00:00:00.001Z'}"
                        + "| {'v':1,'crit':['restrictedAt'],'hint':'h','enabled':true,'restrictedAt':'2030-01-01T00:00:00.001Z'}",
                "{'v':1,'hint':'h','enabled':false,'restrictedAt':'2030-01-01T00:00:00Z'}"
                        + "| {'v':1,'crit':['disabledBy','restrictedAt'],'hint':'h','enabled':false,"
                        + "'disabledBy':'administrator','restrictedAt':'2030-01-01T00:00:00Z'}",
                // Ids of what the restrictions name.
                "{'v':1,'hint':'h','enabled':true,'restrictions':{'realmRoles':['a'],'clientRoles':{'app':['r']},"
                        + "'organization':'acme'},'restrictionIds':{'realmRoles':{'a':'1'},"
                        + "'clientRoles':{'app':{'r':'2'}},'organization':{'acme':'3'}}}"
                        + "| {'v':1,'hint':'h','enabled':true,'restrictions':{'realmRoles':['a'],"
                        + "'clientRoles':{'app':['r']},'organization':'acme'},'restrictionIds':"
                        + "{'realmRoles':{'a':'1'},'clientRoles':{'app':{'r':'2'}},'organization':{'acme':'3'}}}",
                "{'v':1,'hint':'h','enabled':true,'restrictions':{'scopes':['a','b']},'restrictionIds':{'scopes':{'b':'1'}}}"
                        + "| {'v':1,'hint':'h','enabled':true,'restrictions':{'scopes':['a','b']},"
                        + "'restrictionIds':{'scopes':{'b':'1'}}}",
                // Ids of names that a version without ids has taken out.
                "{'v':1,'hint':'h','enabled':true,'restrictions':{'scopes':['a']},'restrictionIds':{'scopes':{'b':'1'}}}"
                        + "| {'v':1,'hint':'h','enabled':true,'restrictions':{'scopes':['a']}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'clients':{'b':'1'}}}"
                        + "| {'v':1,'hint':'h','enabled':true}",
                // What a later version notes that narrows nothing.
                "{'v':1,'hint':'h','enabled':true,'colour':{'of':[1]},'x':null}"
                        + "| {'v':1,'hint':'h','enabled':true,'colour':{'of':[1]},'x':null}",
            })
    void isUnderstoodAndWrittenInThePresentForm(String stored, String written) throws Exception {
        ApiKeyCredentialData policy = CredentialDataFormat.read(json(stored));

        assertThat(JSON.readTree(CredentialDataFormat.write(policy))).isEqualTo(JSON.readTree(json(written)));
        assertThat(CredentialDataFormat.read(CredentialDataFormat.write(policy)))
                .isEqualTo(policy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{}",
                "no JSON",
                "{'hint':'h'}",
                "{'enabled':true}",
                "{'v':1}",
                "{'hint':'h','enabled':null}",
                "{'hint':'h','enabled':true,'expiresAt':'tomorrow'}",
                "{'v':1,'hint':'h','enabled':true,'restrictedAt':'tomorrow'}",
                "{'hint':'h','enabled':true} {}",
                "{'hint':'h','enabled':false,'enabled':true}",
                // Versions that are not known.
                "{'v':0,'hint':'h','enabled':true}",
                "{'v':2,'hint':'h','enabled':true}",
                "{'v':1.0,'hint':'h','enabled':true}",
                "{'v':'1','hint':'h','enabled':true}",
                "{'v':null,'hint':'h','enabled':true}",
                "{'v':4294967297,'hint':'h','enabled':true}",
                // What has to be understood, and is not.
                "{'v':1,'crit':['hours'],'hint':'h','enabled':true,'hours':'8-18'}",
                "{'v':1,'crit':['hint','hours'],'hint':'h','enabled':true,'hours':'8-18'}",
                "{'v':1,'hint':'h','enabled':true,'restrictions':{'hours':'8-18'}}",
                "{'v':1,'hint':'h','enabled':true,'limits':{'since':1,'hours':'8-18'}}",
                "{'v':1,'hint':'h','enabled':true,'limits':{'since':1,'quota':{'remaining':1,'hours':'8-18'}}}",
                "{'v':1,'hint':'h','enabled':true,'limits':{'since':1,'rateLimit':{'max':1,'windowSeconds':1,'x':1}}}",
                "{'v':1,'hint':'h','enabled':false,'disabledBy':'robot'}",
                "{'v':1,'hint':'h','enabled':false,'disabledBy':1}",
                "{'v':1,'hint':'h','enabled':true,'disabledBy':'holder'}",
                // Ids that cannot be read.
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':null}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':['8-18']}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'hours':{'8-18':'1'}}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'cidrs':{'192.0.2.0/24':'1'}}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'scopes':'1'}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'scopes':null}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'scopes':{'a':1}}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'scopes':{'a':null}}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'scopes':{'a':''}}}",
                "{'v':1,'hint':'h','enabled':true,'restrictionIds':{'clientRoles':{'app':'1'}}}",
                // A list of critical members that is none.
                "{'v':1,'crit':[],'hint':'h','enabled':true}",
                "{'v':1,'crit':null,'hint':'h','enabled':true}",
                "{'v':1,'crit':'hint','hint':'h','enabled':true}",
                "{'v':1,'crit':[7],'hint':'h','enabled':true}",
                "{'v':1,'crit':['hint','hint'],'hint':'h','enabled':true}",
                "{'v':1,'crit':['limits'],'hint':'h','enabled':true}",
                "{'v':1,'crit':['v'],'hint':'h','enabled':true}",
                "{'v':1,'crit':['crit'],'hint':'h','enabled':true}",
                // The first form had none of this.
                "{'hint':'h','enabled':true,'colour':'red'}",
                "{'crit':['hint'],'hint':'h','enabled':true}",
                "{'hint':'h','enabled':false,'disabledBy':'holder'}",
                "{'hint':'h','enabled':true,'restrictionIds':{}}",
                "{'hint':'h','enabled':true,'restrictedAt':'2030-01-01T00:00:00Z'}",
            })
    void isRefused(String stored) {
        assertThatThrownBy(() -> CredentialDataFormat.read(json(stored)))
                .isInstanceOf(CredentialDataFormat.Unreadable.class)
                .hasMessageNotContaining("8-18");
    }

    @Test
    void nothingStoredIsRefused() {
        assertThatThrownBy(() -> CredentialDataFormat.read(null)).isInstanceOf(CredentialDataFormat.Unreadable.class);
    }

    private static String json(String written) {
        return written.replace('\'', '"');
    }
}
